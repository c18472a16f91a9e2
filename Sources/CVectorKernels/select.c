// Threshold selection. Almost no score passes in a long scan, so the work is to skip whole groups of them quickly.
#include "cvk_select.h"

#include <stdbool.h>

#include "cvk_internal.h"

enum { GROUP = 32 };

static inline bool any_at_least(const float *scores, float threshold) {
    // No early exit: the compiler turns this into vector compares for whatever set the caller is compiled for.
    int any = 0;
    for (size_t i = 0; i < GROUP; i++) {
        any |= scores[i] >= threshold;
    }
    return any != 0;
}

static inline __attribute__((always_inline)) size_t select_body(const float *scores, size_t count, float threshold,
                                                                uint32_t *positions) {
    size_t found = 0;
    size_t i = 0;
    for (; i + GROUP <= count; i += GROUP) {
        if (any_at_least(scores + i, threshold)) {
            for (size_t j = i; j < i + GROUP; j++) {
                positions[found] = (uint32_t)j;
                found += scores[j] >= threshold;
            }
        }
    }
    for (; i < count; i++) {
        positions[found] = (uint32_t)i;
        found += scores[i] >= threshold;
    }
    return found;
}

// Plain loops, compiled once per instruction set: the compiler vectorises element-wise work by itself.
#define SCALE_LOOPS(suffix) \
    static void scale_sums_##suffix(const int32_t *sums, const float *steps, const float *errors, size_t count, \
                                    float step, float error, float *restrict scores) { \
        for (size_t i = 0; i < count; i++) { \
            scores[i] = (float)sums[i] * (steps[i] * step) + errors[i] * error; \
        } \
    } \
    static void scale_estimates_##suffix(const uint16_t *sums, const float *weights, size_t count, float scale, \
                                         float offset, float *restrict scores) { \
        for (size_t i = 0; i < count; i++) { \
            scores[i] = ((float)sums[i] * scale + offset) * weights[i]; \
        } \
    }

SCALE_LOOPS(baseline)

static size_t at_least_baseline(const float *scores, size_t count, float threshold, uint32_t *positions) {
    return select_body(scores, count, threshold, positions);
}

static const cvk_select_table baseline = {at_least_baseline, scale_sums_baseline, scale_estimates_baseline};

#if CVK_X86

CVK_TARGET_BEGIN(CVK_AVX2_FEATURES)
SCALE_LOOPS(avx2)

static size_t at_least_avx2(const float *scores, size_t count, float threshold, uint32_t *positions) {
    const __m256 limit = _mm256_set1_ps(threshold);
    size_t found = 0;
    size_t i = 0;
    for (; i + GROUP <= count; i += GROUP) {
        __m256 m0 = _mm256_cmp_ps(_mm256_loadu_ps(scores + i), limit, _CMP_GE_OQ);
        __m256 m1 = _mm256_cmp_ps(_mm256_loadu_ps(scores + i + 8), limit, _CMP_GE_OQ);
        __m256 m2 = _mm256_cmp_ps(_mm256_loadu_ps(scores + i + 16), limit, _CMP_GE_OQ);
        __m256 m3 = _mm256_cmp_ps(_mm256_loadu_ps(scores + i + 24), limit, _CMP_GE_OQ);
        if (_mm256_movemask_ps(_mm256_or_ps(_mm256_or_ps(m0, m1), _mm256_or_ps(m2, m3))) == 0) {
            continue;
        }
        uint32_t passed = (uint32_t)_mm256_movemask_ps(m0) | (uint32_t)_mm256_movemask_ps(m1) << 8
            | (uint32_t)_mm256_movemask_ps(m2) << 16 | (uint32_t)_mm256_movemask_ps(m3) << 24;
        for (; passed != 0; passed &= passed - 1) {
            positions[found++] = (uint32_t)i + (uint32_t)__builtin_ctz(passed);
        }
    }
    for (; i < count; i++) {
        positions[found] = (uint32_t)i;
        found += scores[i] >= threshold;
    }
    return found;
}
CVK_TARGET_END

CVK_TARGET_BEGIN(CVK_AVX512_FEATURES)
SCALE_LOOPS(avx512)

static size_t at_least_avx512(const float *scores, size_t count, float threshold, uint32_t *positions) {
    const __m512 limit = _mm512_set1_ps(threshold);
    size_t found = 0;
    size_t i = 0;
    for (; i + GROUP <= count; i += GROUP) {
        __mmask16 m0 = _mm512_cmp_ps_mask(_mm512_loadu_ps(scores + i), limit, _CMP_GE_OQ);
        __mmask16 m1 = _mm512_cmp_ps_mask(_mm512_loadu_ps(scores + i + 16), limit, _CMP_GE_OQ);
        uint32_t passed = (uint32_t)m0 | (uint32_t)m1 << 16;
        for (; passed != 0; passed &= passed - 1) {
            positions[found++] = (uint32_t)i + (uint32_t)__builtin_ctz(passed);
        }
    }
    for (; i < count; i++) {
        positions[found] = (uint32_t)i;
        found += scores[i] >= threshold;
    }
    return found;
}
CVK_TARGET_END

static const cvk_select_table avx2 = {at_least_avx2, scale_sums_avx2, scale_estimates_avx2};
static const cvk_select_table avx512 = {at_least_avx512, scale_sums_avx512, scale_estimates_avx512};

#endif

const cvk_select_table *cvk_select_kernels(cvk_isa isa) {
    if (!cvk_isa_supported(isa)) {
        return NULL;
    }
    switch (isa) {
#if CVK_X86
    case CVK_ISA_AVX2:
        return &avx2;
    case CVK_ISA_AVX512:
    case CVK_ISA_AVX512VNNI:
        return &avx512;
#endif
    default:
        return &baseline;
    }
}

static const cvk_select_table *active = &baseline;

__attribute__((constructor)) static void choose(void) {
    active = cvk_select_kernels(cvk_instruction_set());
}

size_t cvk_select_at_least(const float *scores, size_t count, float threshold, uint32_t *positions) {
    return active->at_least(scores, count, threshold, positions);
}

void cvk_select_scale_sums(const int32_t *sums, const float *steps, const float *errors, size_t count, float step,
                           float error, float *scores) {
    active->scale_sums(sums, steps, errors, count, step, error, scores);
}

void cvk_select_scale_estimates(const uint16_t *sums, const float *weights, size_t count, float scale, float offset,
                                float *scores) {
    active->scale_estimates(sums, weights, count, scale, offset, scores);
}
