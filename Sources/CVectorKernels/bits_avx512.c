// Sign-bit scan for AVX-512BW: 64 rows a register, two table look-ups per pair of nibbles.
#include "bits_internal.h"

#if CVK_X86

CVK_TARGET_BEGIN(CVK_AVX512_FEATURES)

static inline __m512i table_of(const uint8_t *table) {
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
}

static void sums(const uint8_t *tables, const uint8_t *blocks, size_t pairs, size_t block_count, uint16_t *out) {
    const __m512i low_nibble = _mm512_set1_epi8(15);
    for (size_t b = 0; b < block_count; b++) {
        const uint8_t *block = blocks + b * pairs * CVK_BITS_BLOCK_ROWS;
        // `both` adds whole 16-bit words: the sum of the even byte plus 256 times that of the odd one. `odd` adds the odd
        // bytes alone, and taking it out of `both` (modulo 2^16) leaves the even ones.
        __m512i both = _mm512_setzero_si512(), odd = both;
        for (size_t pair = 0; pair < pairs; pair++) {
            const __m512i code = _mm512_loadu_si512(block + pair * CVK_BITS_BLOCK_ROWS);
            const __m512i low = _mm512_and_si512(code, low_nibble);
            const __m512i high = _mm512_and_si512(_mm512_srli_epi16(code, 4), low_nibble);
            const uint8_t *table = tables + pair * CVK_BITS_PAIR_TABLE;
            const __m512i sum = _mm512_add_epi8(_mm512_shuffle_epi8(table_of(table), low),
                                                _mm512_shuffle_epi8(table_of(table + 16), high));
            both = _mm512_add_epi16(both, sum);
            odd = _mm512_add_epi16(odd, _mm512_srli_epi16(sum, 8));
        }
        const __m512i even = _mm512_sub_epi16(both, _mm512_slli_epi16(odd, 8));
        // Interleaving works within 128-bit lanes: lane i gives rows 16 i … 16 i + 15 in two halves.
        const __m512i first = _mm512_unpacklo_epi16(even, odd), second = _mm512_unpackhi_epi16(even, odd);
        const __m512i front = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
        const __m512i back = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
        _mm512_storeu_si512(out + b * CVK_BITS_BLOCK_ROWS, _mm512_permutex2var_epi64(first, front, second));
        _mm512_storeu_si512(out + b * CVK_BITS_BLOCK_ROWS + 32, _mm512_permutex2var_epi64(first, back, second));
    }
}

CVK_TARGET_END

const cvk_bits_table cvk_bits_avx512 = {sums};

#endif
