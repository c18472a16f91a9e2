// Portable int8 kernels: the oracle of the others.
#include "int8_internal.h"

typedef int32_t lanes;

static inline lanes zero(void) {
    return 0;
}

static inline lanes i8_start(const int8_t *query, size_t lines) {
    (void)query;
    (void)lines;
    return 0;
}

static inline lanes i8_line(lanes sum, const int8_t *query, const uint8_t *row) {
    for (int i = 0; i < 64; i++) {
        sum += query[i] * (row[i] - 128);
    }
    return sum;
}

static inline lanes nibble_line(lanes sum, const int8_t *query, const uint8_t *plane) {
    for (int j = 0; j < 64; j++) {
        sum += query[j] * (plane[j] & 15) + query[64 + j] * (plane[j] >> 4);
    }
    return sum;
}

static inline lanes planes_line(lanes sum, const int8_t *query, const uint8_t *high, const uint8_t *low) {
    for (int j = 0; j < 64; j++) {
        sum += query[j] * (((high[j] & 15) << 4 | (low[j] & 15)) - 128);
        sum += query[64 + j] * (((high[j] & 0xf0) | low[j] >> 4) - 128);
    }
    return sum;
}

static inline int32_t sum_lanes(lanes sum) {
    return sum;
}

static inline void sum_lanes_4(lanes a, lanes b, lanes c, lanes d, int32_t *out) {
    out[0] = a;
    out[1] = b;
    out[2] = c;
    out[3] = d;
}

#define I8_TABLE cvk_i8_serial
#define NIBBLE_TABLE cvk_nibble_serial
#include "int8_template.h"
