#ifndef CVK_INT8_INTERNAL_H
#define CVK_INT8_INTERNAL_H

#include "cvk_i8.h"
#include "cvk_internal.h"

extern const cvk_i8_table cvk_i8_serial;
extern const cvk_nibble_table cvk_nibble_serial;
#if CVK_X86
extern const cvk_i8_table cvk_i8_avx2, cvk_i8_avx512vnni;
extern const cvk_nibble_table cvk_nibble_avx2, cvk_nibble_avx512vnni;
#endif
#if CVK_ARM64
extern const cvk_i8_table cvk_i8_neon;
extern const cvk_nibble_table cvk_nibble_neon;
#endif

#endif
