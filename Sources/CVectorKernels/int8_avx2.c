// Int8 kernels for AVX2. maddubs saturates at 16 bits, so its operands are kept small enough: |c − 128| ≤ 127 times
// |q| ≤ 127, twice, is 32,258; a nibble times |q|, twice, is 3,810, and eight of those still fit.
#include "int8_internal.h"

#if CVK_X86

CVK_TARGET_BEGIN(CVK_AVX2_FEATURES)

#define INLINE static inline __attribute__((always_inline))

typedef __m256i lanes;

INLINE lanes zero(void) {
    return _mm256_setzero_si256();
}

INLINE lanes i8_start(const int8_t *query, size_t lines) {
    (void)query;
    (void)lines;
    return zero();
}

INLINE lanes load(const void *p) {
    return _mm256_loadu_si256((const __m256i *)p);
}

INLINE lanes widen(lanes pairs) {
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// Products of 32 signed bytes with 32 biased ones: |x| times q with the sign of x.
INLINE lanes signed_products(lanes query, lanes biased) {
    const lanes x = _mm256_xor_si256(biased, _mm256_set1_epi8((char)0x80));
    return _mm256_maddubs_epi16(_mm256_abs_epi8(x), _mm256_sign_epi8(query, x));
}

INLINE lanes i8_line(lanes sum, const int8_t *query, const uint8_t *row) {
    sum = _mm256_add_epi32(sum, widen(signed_products(load(query), load(row))));
    return _mm256_add_epi32(sum, widen(signed_products(load(query + 32), load(row + 32))));
}

INLINE lanes nibble_line(lanes sum, const int8_t *query, const uint8_t *plane) {
    const lanes mask = _mm256_set1_epi8(15);
    const lanes u = load(plane), v = load(plane + 32);
    const lanes first = _mm256_add_epi16(_mm256_maddubs_epi16(_mm256_and_si256(u, mask), load(query)),
                                         _mm256_maddubs_epi16(_mm256_and_si256(v, mask), load(query + 32)));
    const lanes u4 = _mm256_and_si256(_mm256_srli_epi16(u, 4), mask);
    const lanes v4 = _mm256_and_si256(_mm256_srli_epi16(v, 4), mask);
    const lanes second = _mm256_add_epi16(_mm256_maddubs_epi16(u4, load(query + 64)),
                                          _mm256_maddubs_epi16(v4, load(query + 96)));
    return _mm256_add_epi32(sum, widen(_mm256_add_epi16(first, second)));
}

INLINE lanes planes_half(lanes sum, const int8_t *query, lanes high, lanes low) {
    const lanes upper = _mm256_set1_epi8((char)0xf0), lower = _mm256_set1_epi8(15);
    const lanes first = _mm256_or_si256(_mm256_and_si256(_mm256_slli_epi16(high, 4), upper),
                                        _mm256_and_si256(low, lower));
    const lanes second = _mm256_or_si256(_mm256_and_si256(high, upper),
                                         _mm256_and_si256(_mm256_srli_epi16(low, 4), lower));
    sum = _mm256_add_epi32(sum, widen(signed_products(load(query), first)));
    return _mm256_add_epi32(sum, widen(signed_products(load(query + 64), second)));
}

INLINE lanes planes_line(lanes sum, const int8_t *query, const uint8_t *high, const uint8_t *low) {
    sum = planes_half(sum, query, load(high), load(low));
    return planes_half(sum, query + 32, load(high + 32), load(low + 32));
}

INLINE int32_t sum_lanes(lanes sum) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
    return _mm_cvtsi128_si32(s);
}

INLINE void sum_lanes_4(lanes a, lanes b, lanes c, lanes d, int32_t *out) {
    const lanes abcd = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(abcd), _mm256_extracti128_si256(abcd, 1));
    _mm_storeu_si128((__m128i *)out, sums);
}

#define I8_TABLE cvk_i8_avx2
#define NIBBLE_TABLE cvk_nibble_avx2
#include "int8_template.h"

CVK_TARGET_END

#endif
