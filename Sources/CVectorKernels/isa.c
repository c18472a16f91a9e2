#include "cvk_isa.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cvk_internal.h"

static const char *const names[CVK_ISA_COUNT] = {"serial", "avx2", "avx512", "avx512vnni", "neon"};

const char *cvk_isa_name(cvk_isa isa) {
    return (unsigned)isa < CVK_ISA_COUNT ? names[isa] : "unknown";
}

bool cvk_isa_supported(cvk_isa isa) {
    switch (isa) {
    case CVK_ISA_SERIAL:
        return true;
#if CVK_X86
    case CVK_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")
            && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
    case CVK_ISA_AVX512:
        return cvk_isa_supported(CVK_ISA_AVX2) && __builtin_cpu_supports("avx512f")
            && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512vl");
    case CVK_ISA_AVX512VNNI:
        return cvk_isa_supported(CVK_ISA_AVX512) && __builtin_cpu_supports("avx512vnni");
#endif
#if CVK_ARM64
    case CVK_ISA_NEON:
        return true;  // part of the AArch64 baseline
#endif
    default:
        return false;
    }
}

cvk_isa cvk_isa_select(const char *wanted) {
    cvk_isa best = CVK_ISA_SERIAL;
    for (int isa = CVK_ISA_SERIAL; isa < CVK_ISA_COUNT; isa++) {
        if (cvk_isa_supported((cvk_isa)isa)) {
            best = (cvk_isa)isa;
        }
    }
    if (wanted != NULL) {
        for (int isa = CVK_ISA_SERIAL; isa < CVK_ISA_COUNT; isa++) {
            if (strcmp(wanted, names[isa]) == 0 && cvk_isa_supported((cvk_isa)isa)) {
                return (cvk_isa)isa;
            }
        }
    }
    return best;
}

cvk_isa cvk_instruction_set(void) {
    // Two threads that race here find the same answer, so a relaxed store is enough.
    static _Atomic int chosen = -1;
    int isa = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (isa < 0) {
        isa = (int)cvk_isa_select(getenv("SEMCACHE_ISA"));
        atomic_store_explicit(&chosen, isa, memory_order_relaxed);
    }
    return (cvk_isa)isa;
}
