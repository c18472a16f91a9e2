// Sign-bit scan for AVX2: 32 rows a register, two registers side by side.
#include "bits_internal.h"

#if CVK_X86

CVK_TARGET_BEGIN(CVK_AVX2_FEATURES)

enum { HALF_ROWS = 32 };

static inline __m256i table_of(const uint8_t *table) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

static inline __m256i entries(const uint8_t *codes, __m256i low_table, __m256i high_table) {
    const __m256i low_nibble = _mm256_set1_epi8(15);
    const __m256i code = _mm256_loadu_si256((const __m256i *)codes);
    const __m256i low = _mm256_and_si256(code, low_nibble);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(code, 4), low_nibble);
    return _mm256_add_epi8(_mm256_shuffle_epi8(low_table, low), _mm256_shuffle_epi8(high_table, high));
}

// `both` holds even + 256 · odd (modulo 2^16) of neighbouring rows, `odd` the odd ones.
static inline void store(__m256i both, __m256i odd, uint16_t *out) {
    const __m256i even = _mm256_sub_epi16(both, _mm256_slli_epi16(odd, 8));
    const __m256i first = _mm256_unpacklo_epi16(even, odd), second = _mm256_unpackhi_epi16(even, odd);
    _mm256_storeu_si256((__m256i *)out, _mm256_permute2x128_si256(first, second, 0x20));
    _mm256_storeu_si256((__m256i *)(out + 16), _mm256_permute2x128_si256(first, second, 0x31));
}

static void sums(const uint8_t *tables, const uint8_t *blocks, size_t pairs, size_t block_count, uint16_t *out) {
    for (size_t b = 0; b < block_count; b++) {
        const uint8_t *block = blocks + b * pairs * CVK_BITS_BLOCK_ROWS;
        __m256i both0 = _mm256_setzero_si256(), odd0 = both0, both1 = both0, odd1 = both0;
        for (size_t pair = 0; pair < pairs; pair++) {
            const uint8_t *codes = block + pair * CVK_BITS_BLOCK_ROWS;
            const __m256i low_table = table_of(tables + pair * CVK_BITS_PAIR_TABLE);
            const __m256i high_table = table_of(tables + pair * CVK_BITS_PAIR_TABLE + 16);
            const __m256i sum0 = entries(codes, low_table, high_table);
            const __m256i sum1 = entries(codes + HALF_ROWS, low_table, high_table);
            both0 = _mm256_add_epi16(both0, sum0);
            both1 = _mm256_add_epi16(both1, sum1);
            odd0 = _mm256_add_epi16(odd0, _mm256_srli_epi16(sum0, 8));
            odd1 = _mm256_add_epi16(odd1, _mm256_srli_epi16(sum1, 8));
        }
        store(both0, odd0, out + b * CVK_BITS_BLOCK_ROWS);
        store(both1, odd1, out + b * CVK_BITS_BLOCK_ROWS + HALF_ROWS);
    }
}

CVK_TARGET_END

const cvk_bits_table cvk_bits_avx2 = {sums};

#endif
