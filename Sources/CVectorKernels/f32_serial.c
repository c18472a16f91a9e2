// Portable float32 kernels, and the oracle that the vector paths are tested against.
//
// Accumulates in double: the reference should owe its error to the inputs and not to the order of summation.
#include "f32_internal.h"

static float dot(const float *a, const float *b, size_t dim) {
    double sum = 0;
    for (size_t i = 0; i < dim; i++) {
        sum += (double)a[i] * (double)b[i];
    }
    return (float)sum;
}

static void dots_rows(const float *query, const float *rows, size_t stride, size_t count, size_t dim, float *out) {
    for (size_t r = 0; r < count; r++) {
        out[r] = dot(query, rows + r * stride, dim);
    }
}

static void dots_gather(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                        size_t dim, float *out) {
    for (size_t r = 0; r < count; r++) {
        out[r] = dot(query, rows + (size_t)ids[r] * stride, dim);
    }
}

static float sum_of_squares(const float *a, size_t dim) {
    return dot(a, a, dim);
}

const cvk_f32_table cvk_f32_serial = {dot, dots_rows, dots_gather, sum_of_squares};
