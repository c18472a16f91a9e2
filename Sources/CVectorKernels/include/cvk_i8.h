// Eight-bit integer inner products: a signed query against rows of unsigned, biased codes.
//
//     row    code[i] = 128 + round(x[i] / step), in 1 … 255; step = max |x| / 127, one per row
//     query  code[i] =       round(q[i] / step), in −127 … 127
//
//     query · row ≈ step(query) · step(row) · Σ query[i] · (row[i] − 128)
//
// The kernels return that integer sum, exact on every instruction set: VNNI multiplies unsigned by signed bytes, and the
// bias is taken out inside. Lengths are padded to a multiple of CVK_I8_PADDING. A query's padding is zero, so a row's
// padding may hold anything.
#ifndef CVK_I8_H
#define CVK_I8_H

#include <stddef.h>
#include <stdint.h>

#include "cvk_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Lengths handed to the kernels are multiples of this many bytes.
enum { CVK_I8_PADDING = 64 };

/// The kernels of one instruction set. `padded` is the length in bytes, a multiple of CVK_I8_PADDING; at most 2^17, so
/// that no sum leaves 32 bits. Codes need no alignment; rows on 64-byte lines are fastest.
typedef struct cvk_i8_table {
    /// Encodes `dim` finite floats as a row; the padding becomes 128, which stands for 0. Returns the row's step.
    float (*quantize_row)(const float *x, size_t dim, size_t padded, uint8_t *code);
    /// Encodes `dim` finite floats as a query; the padding becomes 0. Returns the query's step.
    float (*quantize_query)(const float *x, size_t dim, size_t padded, int8_t *code);
    void (*dots_rows)(const int8_t *query, const uint8_t *rows, size_t stride, size_t count, size_t padded,
                      int32_t *out);
    void (*dots_gather)(const int8_t *query, const uint8_t *rows, size_t stride, const uint32_t *ids, size_t count,
                        size_t padded, int32_t *out);
} cvk_i8_table;

/// The kernels of `isa`, or NULL when this processor cannot run them.
const cvk_i8_table *cvk_i8_kernels(cvk_isa isa);

/// See cvk_i8_table.
float cvk_i8_quantize_row(const float *x, size_t dim, size_t padded, uint8_t *code);

/// See cvk_i8_table.
float cvk_i8_quantize_query(const float *x, size_t dim, size_t padded, int8_t *code);

/// out[i] = Σ query · (rows[i * stride ..] − 128), for i < count; `stride` in bytes.
void cvk_i8_dots_rows(const int8_t *query, const uint8_t *rows, size_t stride, size_t count, size_t padded,
                      int32_t *out);

/// out[i] = Σ query · (rows[ids[i] * stride ..] − 128), for i < count; prefetches the rows to come.
void cvk_i8_dots_gather(const int8_t *query, const uint8_t *rows, size_t stride, const uint32_t *ids, size_t count,
                        size_t padded, int32_t *out);

#ifdef __cplusplus
}
#endif

#include "cvk_nibble.h"

#endif
