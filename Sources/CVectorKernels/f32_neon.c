// Float32 kernels for AArch64 Advanced SIMD: four independent accumulators, scalar tail.
#include "f32_internal.h"

#if CVK_ARM64

static inline float dot_inline(const float *a, const float *b, size_t dim) {
    float32x4_t s0 = vdupq_n_f32(0), s1 = s0, s2 = s0, s3 = s0;
    size_t i = 0;
    for (; i + 16 <= dim; i += 16) {
        s0 = vfmaq_f32(s0, vld1q_f32(a + i), vld1q_f32(b + i));
        s1 = vfmaq_f32(s1, vld1q_f32(a + i + 4), vld1q_f32(b + i + 4));
        s2 = vfmaq_f32(s2, vld1q_f32(a + i + 8), vld1q_f32(b + i + 8));
        s3 = vfmaq_f32(s3, vld1q_f32(a + i + 12), vld1q_f32(b + i + 12));
    }
    for (; i + 4 <= dim; i += 4) {
        s0 = vfmaq_f32(s0, vld1q_f32(a + i), vld1q_f32(b + i));
    }
    float sum = vaddvq_f32(vaddq_f32(vaddq_f32(s0, s1), vaddq_f32(s2, s3)));
    for (; i < dim; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static float dot(const float *a, const float *b, size_t dim) {
    return dot_inline(a, b, dim);
}

static void dots_rows(const float *query, const float *rows, size_t stride, size_t count, size_t dim, float *out) {
    for (size_t r = 0; r < count; r++) {
        out[r] = dot_inline(query, rows + r * stride, dim);
    }
}

static void dots_gather(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                        size_t dim, float *out) {
    for (size_t r = 0; r < count; r++) {
        if (r + 1 < count) {
            const char *next = (const char *)(rows + (size_t)ids[r + 1] * stride);
            for (size_t byte = 0; byte < dim * sizeof(float); byte += 64) {
                __builtin_prefetch(next + byte);
            }
        }
        out[r] = dot_inline(query, rows + (size_t)ids[r] * stride, dim);
    }
}

static float sum_of_squares(const float *a, size_t dim) {
    return dot_inline(a, a, dim);
}

const cvk_f32_table cvk_f32_neon = {dot, dots_rows, dots_gather, sum_of_squares};

#endif
