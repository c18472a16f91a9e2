// Portable sign-bit scan, and the oracle of the vector paths.
#include "bits_internal.h"

static void sums(const uint8_t *tables, const uint8_t *blocks, size_t pairs, size_t block_count, uint16_t *out) {
    for (size_t b = 0; b < block_count; b++) {
        const uint8_t *block = blocks + b * pairs * CVK_BITS_BLOCK_ROWS;
        for (size_t row = 0; row < CVK_BITS_BLOCK_ROWS; row++) {
            uint32_t sum = 0;
            for (size_t pair = 0; pair < pairs; pair++) {
                const uint8_t code = block[pair * CVK_BITS_BLOCK_ROWS + row];
                const uint8_t *table = tables + pair * CVK_BITS_PAIR_TABLE;
                sum += (uint32_t)table[code & 15] + table[16 + (code >> 4)];
            }
            out[b * CVK_BITS_BLOCK_ROWS + row] = (uint16_t)sum;
        }
    }
}

const cvk_bits_table cvk_bits_serial = {sums};
