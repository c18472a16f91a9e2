#ifndef CVK_F32_INTERNAL_H
#define CVK_F32_INTERNAL_H

#include "cvk_f32.h"
#include "cvk_internal.h"

extern const cvk_f32_table cvk_f32_serial;
#if CVK_X86
extern const cvk_f32_table cvk_f32_avx2;
extern const cvk_f32_table cvk_f32_avx512;
#endif
#if CVK_ARM64
extern const cvk_f32_table cvk_f32_neon;
#endif

#endif
