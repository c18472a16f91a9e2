// Which instruction set the kernels of this process use.
//
// Every kernel family (float32, int8, transformer layers) keeps one table of function pointers per instruction set.
// `cvk_instruction_set` is probed once; `SEMCACHE_ISA=serial|avx2|avx512|avx512vnni|neon` lowers it, and never selects
// what the processor (or the operating system's saved register state) lacks.
#ifndef CVK_ISA_H
#define CVK_ISA_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cvk_isa {
    CVK_ISA_SERIAL = 0,
    CVK_ISA_AVX2 = 1,        // AVX2 and FMA
    CVK_ISA_AVX512 = 2,      // AVX-512 F, BW, DQ, VL
    CVK_ISA_AVX512VNNI = 3,  // AVX-512 as above and VNNI
    CVK_ISA_NEON = 4,        // AArch64 Advanced SIMD
} cvk_isa;

enum { CVK_ISA_COUNT = 5 };

/// The instruction set in use: the best supported one, or what SEMCACHE_ISA asked for if it is supported.
cvk_isa cvk_instruction_set(void);

/// What the value `wanted` of SEMCACHE_ISA selects on this processor: the set of that name if it is supported, else
/// (NULL, unknown, unsupported) the best one.
cvk_isa cvk_isa_select(const char *wanted);

/// Whether this processor can run kernels of `isa`.
bool cvk_isa_supported(cvk_isa isa);

/// A short lower-case name ("avx512vnni"), the one that SEMCACHE_ISA takes.
const char *cvk_isa_name(cvk_isa isa);

#ifdef __cplusplus
}
#endif

#endif
