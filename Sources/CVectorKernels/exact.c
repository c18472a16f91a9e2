#include "cvk_select.h"

// Four rows at a time: each sum is a chain of dependent additions, four chains fill the adder.
enum { LANES = 4 };

static void dots_lanes(const float *query, const float *const rows[LANES], size_t dim, double out[LANES]) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (size_t i = 0; i < dim; i++) {
        double q = query[i];
        s0 += q * (double)rows[0][i];
        s1 += q * (double)rows[1][i];
        s2 += q * (double)rows[2][i];
        s3 += q * (double)rows[3][i];
    }
    out[0] = s0;
    out[1] = s1;
    out[2] = s2;
    out[3] = s3;
}

static double dot(const float *query, const float *row, size_t dim) {
    double sum = 0;
    for (size_t i = 0; i < dim; i++) {
        sum += (double)query[i] * (double)row[i];
    }
    return sum;
}

void cvk_exact_dots_gather(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                           size_t dim, double *out) {
    size_t r = 0;
    for (; r + LANES <= count; r += LANES) {
        const float *lanes[LANES];
        for (size_t lane = 0; lane < LANES; lane++) {
            lanes[lane] = rows + (size_t)ids[r + lane] * stride;
        }
        dots_lanes(query, lanes, dim, out + r);
    }
    for (; r < count; r++) {
        out[r] = dot(query, rows + (size_t)ids[r] * stride, dim);
    }
}

double cvk_exact_row_residual(const float *x, const uint8_t *code, float step, size_t dim) {
    double sum = 0;
    for (size_t i = 0; i < dim; i++) {
        const double lost = (double)x[i] - (double)step * ((int)code[i] - 128);
        sum += lost * lost;
    }
    return __builtin_sqrt(sum);
}

double cvk_exact_query_residual(const float *x, const int8_t *code, float step, size_t dim) {
    double sum = 0;
    for (size_t i = 0; i < dim; i++) {
        const double lost = (double)x[i] - (double)step * code[i];
        sum += lost * lost;
    }
    return __builtin_sqrt(sum);
}
