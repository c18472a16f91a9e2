// One sign bit per component, scanned sixteen signs of a query's components at a time.
//
// The code of a vector x is its signs; s = sign(x) / √d is the corner of the cube nearest to it in direction. For a query
// q, q·s estimates q·x up to the factor x·s = ‖x‖₁ / √d, so that
//
//     q·x ≈ (Σ ±qᵢ) / ‖x‖₁        with the signs of x   (as in RaBitQ, Gao and Long, SIGMOD 2024, without the rotation)
//
// Four components make a nibble of a code, whose sixteen possible sums Σ ±qᵢ are looked up in a table held in a register
// (André, Kermarrec and Le Scouarnec, "Cache locality is not enough", VLDB 2015). Rows stand in blocks of 64:
//
//     block: for each pair of nibbles (8 components), 64 bytes: the pair of row 0, of row 1, … of row 63
#ifndef CVK_BITS_H
#define CVK_BITS_H

#include <stddef.h>
#include <stdint.h>

#include "cvk_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CVK_BITS_BLOCK_ROWS = 64,
    CVK_BITS_PAIR_COMPONENTS = 8,
    CVK_BITS_PAIR_TABLE = 32,   // bytes of the two tables of a pair: low nibble, high nibble
};

/// The kernels of one instruction set.
typedef struct cvk_bits_table {
    void (*sums)(const uint8_t *tables, const uint8_t *blocks, size_t pairs, size_t block_count, uint16_t *out);
} cvk_bits_table;

/// The kernels of `isa`, or NULL when this processor cannot run them.
const cvk_bits_table *cvk_bits_kernels(cvk_isa isa);

/// Number of pairs in the code of `dim` components.
size_t cvk_bits_pairs(size_t dim);

/// Stores the signs of `x` as row `row` (0 … 63) of a block. Components beyond `dim` count as positive.
void cvk_bits_encode(const float *x, size_t dim, uint8_t *block, size_t row);

/// Copies the code of one row to another place.
void cvk_bits_copy(const uint8_t *source, size_t source_row, uint8_t *target, size_t target_row, size_t pairs);

/// Prepares a query: fills pairs × CVK_BITS_PAIR_TABLE bytes, and the scale and offset for which
/// Σ ±qᵢ ≈ sum · scale + offset.
void cvk_bits_tables(const float *query, size_t dim, uint8_t *tables, float *scale, float *offset);

/// out[64 b + r] = sum of the table entries of row r of block b.
void cvk_bits_sums(const uint8_t *tables, const uint8_t *blocks, size_t pairs, size_t block_count, uint16_t *out);

#ifdef __cplusplus
}
#endif

#endif
