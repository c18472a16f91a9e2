// Float32 kernels for AVX2 with FMA: four independent accumulators, the tail through a masked load.
#include "f32_internal.h"

#if CVK_X86

CVK_TARGET_BEGIN(CVK_AVX2_FEATURES)

// Bytes that the row scan prefetches ahead: far enough for DRAM, near enough to stay in the first-level cache.
enum { PREFETCH_AHEAD = 4096, LINE = 64 };

// Lane i is all ones exactly when i < rest.
static inline __m256i tail_mask(size_t rest) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)rest), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline float reduce(__m256 v) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

static inline float dot_ahead(const float *a, const float *b, size_t dim, size_t ahead) {
    __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
    size_t i = 0;
    for (; i + 32 <= dim; i += 32) {
        if (ahead != 0) {
            const char *next = (const char *)(b + i) + ahead;
            _mm_prefetch(next, _MM_HINT_T0);
            _mm_prefetch(next + LINE, _MM_HINT_T0);
        }
        s0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s0);
        s1 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), s1);
        s2 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16), s2);
        s3 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24), s3);
    }
    for (; i + 8 <= dim; i += 8) {
        s0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s0);
    }
    if (i < dim) {
        __m256i mask = tail_mask(dim - i);
        s1 = _mm256_fmadd_ps(_mm256_maskload_ps(a + i, mask), _mm256_maskload_ps(b + i, mask), s1);
    }
    return reduce(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3)));
}

static float dot(const float *a, const float *b, size_t dim) {
    return dot_ahead(a, b, dim, 0);
}

static void dots_rows(const float *query, const float *rows, size_t stride, size_t count, size_t dim, float *out) {
    for (size_t r = 0; r < count; r++) {
        out[r] = dot_ahead(query, rows + r * stride, dim, PREFETCH_AHEAD);
    }
}

static void dots_gather(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                        size_t dim, float *out) {
    for (size_t r = 0; r < count; r++) {
        if (r + 1 < count) {
            const char *next = (const char *)(rows + (size_t)ids[r + 1] * stride);
            for (size_t byte = 0; byte < dim * sizeof(float); byte += LINE) {
                _mm_prefetch(next + byte, _MM_HINT_T0);
            }
        }
        out[r] = dot_ahead(query, rows + (size_t)ids[r] * stride, dim, 0);
    }
}

static float sum_of_squares(const float *a, size_t dim) {
    return dot_ahead(a, a, dim, 0);
}

CVK_TARGET_END

const cvk_f32_table cvk_f32_avx2 = {dot, dots_rows, dots_gather, sum_of_squares};

#endif
