// Sign-bit scan for AArch64: 16 rows a register, four registers side by side, widening adds.
#include "bits_internal.h"

#if CVK_ARM64

enum { QUARTER_ROWS = 16, QUARTERS = CVK_BITS_BLOCK_ROWS / QUARTER_ROWS };

static void sums(const uint8_t *tables, const uint8_t *blocks, size_t pairs, size_t block_count, uint16_t *out) {
    const uint8x16_t low_nibble = vdupq_n_u8(15);
    for (size_t b = 0; b < block_count; b++) {
        const uint8_t *block = blocks + b * pairs * CVK_BITS_BLOCK_ROWS;
        uint16x8_t front[QUARTERS], back[QUARTERS];
        for (size_t quarter = 0; quarter < QUARTERS; quarter++) {
            front[quarter] = back[quarter] = vdupq_n_u16(0);
        }
        for (size_t pair = 0; pair < pairs; pair++) {
            const uint8x16_t low_table = vld1q_u8(tables + pair * CVK_BITS_PAIR_TABLE);
            const uint8x16_t high_table = vld1q_u8(tables + pair * CVK_BITS_PAIR_TABLE + 16);
            const uint8_t *codes = block + pair * CVK_BITS_BLOCK_ROWS;
            for (size_t quarter = 0; quarter < QUARTERS; quarter++) {
                const uint8x16_t code = vld1q_u8(codes + quarter * QUARTER_ROWS);
                const uint8x16_t sum = vaddq_u8(vqtbl1q_u8(low_table, vandq_u8(code, low_nibble)),
                                                vqtbl1q_u8(high_table, vshrq_n_u8(code, 4)));
                front[quarter] = vaddw_u8(front[quarter], vget_low_u8(sum));
                back[quarter] = vaddw_high_u8(back[quarter], sum);
            }
        }
        for (size_t quarter = 0; quarter < QUARTERS; quarter++) {
            vst1q_u16(out + b * CVK_BITS_BLOCK_ROWS + quarter * QUARTER_ROWS, front[quarter]);
            vst1q_u16(out + b * CVK_BITS_BLOCK_ROWS + quarter * QUARTER_ROWS + 8, back[quarter]);
        }
    }
}

const cvk_bits_table cvk_bits_neon = {sums};

#endif
