// Eight-bit codes stored as two planes of nibbles, and the step of a graph walk over them.
//
// A code byte c = 128 + round(x / step) is split: the high plane holds c >> 4, the low plane c & 15. The high plane alone
// is a 4-bit quantiser of half the bytes, which a walk reads for every node it meets; both planes together give the full
// code for the few that matter. In each block of CVK_NIBBLE_BLOCK components,
//
//     plane byte j (0 … 63) = nibble of component j | nibble of component 64 + j << 4
//
// The step is the same for all rows, which keeps the scale out of the walk: ordering needs integers only. It can be fixed
// beforehand because the vectors are rotated first (cvk_nibble_rotate): components of a rotated unit vector are close to
// normal with variance 1 / d whatever the embedder does, as in RaBitQ (Gao and Long, 2024).
#ifndef CVK_NIBBLE_H
#define CVK_NIBBLE_H

#include <stddef.h>
#include <stdint.h>

#include "cvk_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CVK_NIBBLE_BLOCK = 128,           // components per 64 bytes of a plane
    CVK_NIBBLE_ROTATION_ROUNDS = 2,   // sign flips and Hadamard transforms of cvk_nibble_rotate
};

/// Ends a list of links that is not full.
#define CVK_NIBBLE_END UINT32_MAX

/// What one walk needs to score nodes: the query and the graph's slabs.
typedef struct cvk_nibble_walk {
    const int8_t *query;      // blocks × CVK_NIBBLE_BLOCK signed bytes
    const uint8_t *codes;     // high planes, one row per node
    size_t blocks;            // a row is blocks × 64 bytes, without gaps
    size_t degree;            // links of a node at most
    const uint32_t *rows;     // the adjacency row of node i, at i × degree, to fetch ahead; NULL for none
    uint8_t *visited;         // one byte per node
    uint8_t epoch;            // the value that means visited in this walk
} cvk_nibble_walk;

/// The kernels of one instruction set.
typedef struct cvk_nibble_table {
    /// In place: flips signs and applies Hadamard transforms to both ends. An orthogonal map of `dim` floats.
    /// `signs` holds CVK_NIBBLE_ROTATION_ROUNDS × dim values of ±1; `dim` is at least 1.
    void (*rotate)(float *x, size_t dim, const float *signs);
    /// Encodes `dim` floats; what lies beyond ±127 steps is clipped, padding stands for 0.
    void (*encode)(const float *x, size_t dim, size_t blocks, float inverse_step, uint8_t *high, uint8_t *low);
    /// The full code of a row as a query of signed bytes: exactly 128 less than its code bytes.
    void (*decode)(const uint8_t *high, const uint8_t *low, size_t blocks, int8_t *query);
    /// out[i] = Σ query · high nibble of row ids[i].
    void (*high_dots)(const int8_t *query, const uint8_t *high, size_t blocks, const uint32_t *ids, size_t count,
                      int32_t *out);
    /// out[i] = Σ query · (code of row ids[i] − 128): both planes.
    void (*full_dots)(const int8_t *query, const uint8_t *high, const uint8_t *low, size_t blocks,
                      const uint32_t *ids, size_t count, int32_t *out);
    /// Visits the unvisited nodes in `count` lists of links, scores them on the high plane and keeps those above `floor`.
    /// A list ends after `degree` links or at CVK_NIBBLE_END. Returns how many were kept; `ids` and `scores` have room
    /// for count × degree + 1.
    size_t (*expand)(const cvk_nibble_walk *walk, const uint32_t *const *lists, size_t count, int32_t floor,
                     uint32_t *ids, int32_t *scores);
} cvk_nibble_table;

/// The kernels of `isa`, or NULL when this processor cannot run them.
const cvk_nibble_table *cvk_nibble_kernels(cvk_isa isa);

/// The kernels in use.
const cvk_nibble_table *cvk_nibble_active(void);

/// Sum of the signed bytes of a query: what the bias of a row's codes contributes per unit.
int32_t cvk_nibble_query_sum(const int8_t *query, size_t blocks);

/// Whether two lists of numbers have one in common; each ends after `limit` numbers or at CVK_NIBBLE_END.
int cvk_nibble_intersect(const uint32_t *a, const uint32_t *b, size_t limit);

#ifdef __cplusplus
}
#endif

#endif
