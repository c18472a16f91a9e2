// Float32 inner products: one pair, a query against consecutive rows, a query against rows picked by number.
//
// Rows may start at any address (no alignment needed) and `stride` counts floats, not bytes. Results of two instruction
// sets differ only by the order of summation.
#ifndef CVK_F32_H
#define CVK_F32_H

#include <stddef.h>
#include <stdint.h>

#include "cvk_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The kernels of one instruction set.
typedef struct cvk_f32_table {
    float (*dot)(const float *a, const float *b, size_t dim);
    void (*dots_rows)(const float *query, const float *rows, size_t stride, size_t count, size_t dim, float *out);
    void (*dots_gather)(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                        size_t dim, float *out);
    float (*sum_of_squares)(const float *a, size_t dim);
} cvk_f32_table;

/// The kernels of `isa`, or NULL when this processor cannot run them. Lets tests compare every path with the serial one.
const cvk_f32_table *cvk_f32_kernels(cvk_isa isa);

/// Inner product of two vectors of `dim` floats.
float cvk_f32_dot(const float *a, const float *b, size_t dim);

/// out[i] = query · rows[i * stride ..], for i < count.
void cvk_f32_dots_rows(const float *query, const float *rows, size_t stride, size_t count, size_t dim, float *out);

/// out[i] = query · rows[ids[i] * stride ..], for i < count; prefetches the rows to come.
void cvk_f32_dots_gather(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                         size_t dim, float *out);

/// Sum of the squares of `dim` floats.
float cvk_f32_sum_of_squares(const float *a, size_t dim);

#ifdef __cplusplus
}
#endif

#endif
