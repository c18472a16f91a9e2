// Shared by the kernel sources only: architecture switches, and regions compiled for one instruction set.
//
// The translation units stay at the platform's baseline. Only functions between CVK_TARGET_BEGIN and CVK_TARGET_END may
// use the wider set, and they are reached only through a table that `cvk_isa_supported` has cleared.
#ifndef CVK_INTERNAL_H
#define CVK_INTERNAL_H

#include "cvk_isa.h"

#if defined(__x86_64__) || defined(_M_X64)
#define CVK_X86 1
#include <immintrin.h>
#else
#define CVK_X86 0
#endif

#if defined(__aarch64__)
#define CVK_ARM64 1
#include <arm_neon.h>
#else
#define CVK_ARM64 0
#endif

#define CVK_PRAGMA(x) _Pragma(#x)
#define CVK_TARGET_BEGIN(features) \
    CVK_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define CVK_TARGET_END CVK_PRAGMA(clang attribute pop)

#define CVK_AVX2_FEATURES "avx2,fma,f16c,bmi,bmi2,popcnt"
#define CVK_AVX512_FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi,bmi2,popcnt"
#define CVK_AVX512VNNI_FEATURES CVK_AVX512_FEATURES ",avx512vnni"

#endif
