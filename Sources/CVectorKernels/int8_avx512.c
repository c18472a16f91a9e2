// Int8 kernels for AVX-512 VNNI: vpdpbusd multiplies 64 unsigned by 64 signed bytes and adds them in groups of four,
// without saturation. Σ q (c − 128) = Σ q c − 128 Σ q, so accumulators start from −128 Σ q, lane by lane.
#include "int8_internal.h"

#if CVK_X86

CVK_TARGET_BEGIN(CVK_AVX512VNNI_FEATURES)

#define INLINE static inline __attribute__((always_inline))

typedef __m512i lanes;

INLINE lanes zero(void) {
    return _mm512_setzero_si512();
}

INLINE lanes i8_start(const int8_t *query, size_t lines) {
    lanes sum = zero();
    for (size_t line = 0; line < lines; line++) {
        sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8((char)128), _mm512_loadu_si512(query + line * 64));
    }
    return _mm512_sub_epi32(zero(), sum);
}

INLINE lanes i8_line(lanes sum, const int8_t *query, const uint8_t *row) {
    return _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(row), _mm512_loadu_si512(query));
}

INLINE lanes low_nibbles(lanes v) {
    return _mm512_and_si512(v, _mm512_set1_epi8(15));
}

INLINE lanes high_nibbles(lanes v) {
    return _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(15));
}

INLINE lanes nibble_line(lanes sum, const int8_t *query, const uint8_t *plane) {
    const lanes v = _mm512_loadu_si512(plane);
    sum = _mm512_dpbusd_epi32(sum, low_nibbles(v), _mm512_loadu_si512(query));
    return _mm512_dpbusd_epi32(sum, high_nibbles(v), _mm512_loadu_si512(query + 64));
}

INLINE lanes planes_line(lanes sum, const int8_t *query, const uint8_t *high, const uint8_t *low) {
    const lanes h = _mm512_loadu_si512(high), l = _mm512_loadu_si512(low);
    const lanes upper = _mm512_set1_epi8((char)0xf0);
    // Bit by bit: where the mask is set the first operand, elsewhere the second.
    const lanes first = _mm512_ternarylogic_epi32(upper, _mm512_slli_epi16(h, 4), l, 0xca);
    const lanes second = _mm512_ternarylogic_epi32(upper, h, _mm512_srli_epi16(l, 4), 0xca);
    sum = _mm512_dpbusd_epi32(sum, first, _mm512_loadu_si512(query));
    return _mm512_dpbusd_epi32(sum, second, _mm512_loadu_si512(query + 64));
}

INLINE int32_t sum_lanes(lanes sum) {
    return _mm512_reduce_add_epi32(sum);
}

INLINE void sum_lanes_4(lanes a, lanes b, lanes c, lanes d, int32_t *out) {
    const lanes ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    const lanes cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    const lanes abcd = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(abcd), _mm512_extracti64x4_epi64(abcd, 1));
    const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    _mm_storeu_si128((__m128i *)out, sums);
}

#define I8_TABLE cvk_i8_avx512vnni
#define NIBBLE_TABLE cvk_nibble_avx512vnni
#include "int8_template.h"

CVK_TARGET_END

#endif
