#ifndef CVK_BITS_INTERNAL_H
#define CVK_BITS_INTERNAL_H

#include "cvk_bits.h"
#include "cvk_internal.h"

extern const cvk_bits_table cvk_bits_serial;
#if CVK_X86
extern const cvk_bits_table cvk_bits_avx2;
extern const cvk_bits_table cvk_bits_avx512;
#endif
#if CVK_ARM64
extern const cvk_bits_table cvk_bits_neon;
#endif

#endif
