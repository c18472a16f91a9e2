// Float32 kernels for AVX-512: four independent accumulators hide the latency of FMA, the tail is one masked load.
#include "f32_internal.h"

#if CVK_X86

CVK_TARGET_BEGIN(CVK_AVX512_FEATURES)

// Bytes that the row scan prefetches ahead: far enough for DRAM, near enough to stay in the first-level cache.
enum { PREFETCH_AHEAD = 4096, LINE = 64 };

static inline float dot_ahead(const float *a, const float *b, size_t dim, size_t ahead) {
    __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
    size_t i = 0;
    for (; i + 64 <= dim; i += 64) {
        if (ahead != 0) {
            const char *next = (const char *)(b + i) + ahead;
            _mm_prefetch(next, _MM_HINT_T0);
            _mm_prefetch(next + LINE, _MM_HINT_T0);
            _mm_prefetch(next + 2 * LINE, _MM_HINT_T0);
            _mm_prefetch(next + 3 * LINE, _MM_HINT_T0);
        }
        s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
        s1 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16), s1);
        s2 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 32), _mm512_loadu_ps(b + i + 32), s2);
        s3 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 48), _mm512_loadu_ps(b + i + 48), s3);
    }
    for (; i + 16 <= dim; i += 16) {
        s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
    }
    if (i < dim) {
        __mmask16 rest = (__mmask16)((1u << (dim - i)) - 1u);
        s1 = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(rest, a + i), _mm512_maskz_loadu_ps(rest, b + i), s1);
    }
    return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(s0, s1), _mm512_add_ps(s2, s3)));
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

const cvk_f32_table cvk_f32_avx512 = {dot, dots_rows, dots_gather, sum_of_squares};

#endif
