// What a scan does with its scores: pick the positions that pass a threshold, and settle close calls in double precision.
#ifndef CVK_SELECT_H
#define CVK_SELECT_H

#include <stddef.h>
#include <stdint.h>

#include "cvk_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The kernels of one instruction set.
typedef struct cvk_select_table {
    size_t (*at_least)(const float *scores, size_t count, float threshold, uint32_t *positions);
    void (*scale_sums)(const int32_t *sums, const float *steps, const float *errors, size_t count, float step,
                       float error, float *scores);
    void (*scale_estimates)(const uint16_t *sums, const float *weights, size_t count, float scale, float offset,
                            float *scores);
} cvk_select_table;

/// The kernels of `isa`, or NULL when this processor cannot run them.
const cvk_select_table *cvk_select_kernels(cvk_isa isa);

/// Writes the positions (ascending) of the scores >= threshold and returns how many there are.
/// `positions` must have room for `count` entries.
size_t cvk_select_at_least(const float *scores, size_t count, float threshold, uint32_t *positions);

/// scores[i] = sums[i] · steps[i] · step + errors[i] · error: an int8 inner product plus its row's share of the error.
void cvk_select_scale_sums(const int32_t *sums, const float *steps, const float *errors, size_t count, float step,
                           float error, float *scores);

/// scores[i] = (sums[i] · scale + offset) · weights[i]: a sign-bit sum as an estimate of the inner product.
void cvk_select_scale_estimates(const uint16_t *sums, const float *weights, size_t count, float scale, float offset,
                                float *scores);

/// ‖x − step · (code − 128)‖ in double precision: what quantisation to a biased int8 row has lost.
double cvk_exact_row_residual(const float *x, const uint8_t *code, float step, size_t dim);

/// ‖x − step · code‖ in double precision, for a query.
double cvk_exact_query_residual(const float *x, const int8_t *code, float step, size_t dim);

/// out[i] = query · rows[ids[i] * stride ..] with products and sum in double, added in the order of the components.
///
/// The product of two floats is exact in double, so this is bit for bit what the plain loop gives, on every machine.
void cvk_exact_dots_gather(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                           size_t dim, double *out);

#ifdef __cplusplus
}
#endif

#endif
