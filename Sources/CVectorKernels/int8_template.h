// The int8 and nibble kernels, written once over an accumulator of 32-bit lanes.
//
// Each int8_<isa>.c opens a region compiled for its instruction set, defines what follows, includes this file and closes
// the region:
//
//     lanes                                     the accumulator type
//     zero()                                    an accumulator of zeros
//     i8_start(query, lines)                    what every row's accumulator starts from: takes the bias out
//     i8_line(sum, query, row)                  adds the products of 64 signed and 64 biased bytes
//     nibble_line(sum, query, plane)            adds the products of 128 signed bytes and 128 nibbles
//     planes_line(sum, query, high, low)        adds the products of 128 signed bytes and 16 · high + low
//     sum_lanes(sum)                            the sum of an accumulator
//     sum_lanes_4(a, b, c, d, out)              the sums of four accumulators at once
//     I8_TABLE, NIBBLE_TABLE                    names of the tables to define
//
// Rows go four at a time: their sums are independent, and reducing four accumulators together costs little more than one.

#include <string.h>

enum {
    LINE = 64,
    PREFETCH_ROWS = 8,       // rows that a gather fetches ahead
    PREFETCH_BYTES = 4096,   // bytes that a scan fetches ahead: far enough for DRAM, near enough for the first level
};

// MARK: Quantisation

static float largest_magnitude(const float *x, size_t dim) {
    float largest = 0;
    for (size_t i = 0; i < dim; i++) {
        float magnitude = __builtin_fabsf(x[i]);
        largest = magnitude > largest ? magnitude : largest;
    }
    return largest;
}

// Rounds to nearest by adding 1.5 · 2^23, which leaves the integer in the low bits. |x| < 2^22.
static inline __attribute__((always_inline)) int32_t nearest(float x) {
    const float shift = 12582912.0f;
    float shifted = x + shift;
    int32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    return bits - 0x4b400000;
}

static float quantize_row(const float *x, size_t dim, size_t padded, uint8_t *code) {
    const float largest = largest_magnitude(x, dim);
    // A step that cannot be inverted would be 0 / 0; such a row is zero at this resolution.
    const float inverse = largest > 1e-30f ? 127.0f / largest : 0.0f;
    for (size_t i = 0; i < dim; i++) {
        code[i] = (uint8_t)(128 + nearest(x[i] * inverse));
    }
    memset(code + dim, 128, padded - dim);
    return inverse > 0 ? largest / 127.0f : 0.0f;
}

static float quantize_query(const float *x, size_t dim, size_t padded, int8_t *code) {
    const float largest = largest_magnitude(x, dim);
    const float inverse = largest > 1e-30f ? 127.0f / largest : 0.0f;
    for (size_t i = 0; i < dim; i++) {
        code[i] = (int8_t)nearest(x[i] * inverse);
    }
    memset(code + dim, 0, padded - dim);
    return inverse > 0 ? largest / 127.0f : 0.0f;
}

// MARK: Bytes

static inline __attribute__((always_inline)) lanes i8_row(lanes sum, const int8_t *query, const uint8_t *row,
                                                          size_t lines) {
    for (size_t line = 0; line < lines; line++) {
        sum = i8_line(sum, query + line * LINE, row + line * LINE);
    }
    return sum;
}

static inline __attribute__((always_inline)) void prefetch_row(const uint8_t *row, size_t bytes) {
    for (size_t byte = 0; byte < bytes; byte += LINE) {
        __builtin_prefetch(row + byte, 0, 3);
    }
}

static inline __attribute__((always_inline)) void i8_rows(const int8_t *query, const uint8_t *rows, size_t stride,
                                                          size_t count, size_t lines, int32_t *out) {
    const lanes start = i8_start(query, lines);
    size_t r = 0;
    for (; r + 4 <= count; r += 4) {
        const uint8_t *row = rows + r * stride;
        for (size_t byte = 0; byte < 4 * stride; byte += LINE) {
            __builtin_prefetch(row + PREFETCH_BYTES + byte, 0, 3);
        }
        sum_lanes_4(i8_row(start, query, row, lines), i8_row(start, query, row + stride, lines),
                    i8_row(start, query, row + 2 * stride, lines), i8_row(start, query, row + 3 * stride, lines),
                    out + r);
    }
    for (; r < count; r++) {
        out[r] = sum_lanes(i8_row(start, query, rows + r * stride, lines));
    }
}

static void i8_dots_rows(const int8_t *query, const uint8_t *rows, size_t stride, size_t count, size_t padded,
                         int32_t *out) {
    // A constant number of lines keeps the query in registers.
    switch (padded / LINE) {
    case 6:
        i8_rows(query, rows, stride, count, 6, out);
        break;
    case 12:
        i8_rows(query, rows, stride, count, 12, out);
        break;
    default:
        i8_rows(query, rows, stride, count, padded / LINE, out);
    }
}

static void i8_dots_gather(const int8_t *query, const uint8_t *rows, size_t stride, const uint32_t *ids, size_t count,
                           size_t padded, int32_t *out) {
    const size_t lines = padded / LINE;
    const lanes start = i8_start(query, lines);
    for (size_t r = 0; r < count && r < PREFETCH_ROWS; r++) {
        prefetch_row(rows + (size_t)ids[r] * stride, padded);
    }
    size_t r = 0;
    for (; r + 4 <= count; r += 4) {
        for (size_t next = r + PREFETCH_ROWS; next < r + PREFETCH_ROWS + 4 && next < count; next++) {
            prefetch_row(rows + (size_t)ids[next] * stride, padded);
        }
        sum_lanes_4(i8_row(start, query, rows + (size_t)ids[r] * stride, lines),
                    i8_row(start, query, rows + (size_t)ids[r + 1] * stride, lines),
                    i8_row(start, query, rows + (size_t)ids[r + 2] * stride, lines),
                    i8_row(start, query, rows + (size_t)ids[r + 3] * stride, lines), out + r);
    }
    for (; r < count; r++) {
        out[r] = sum_lanes(i8_row(start, query, rows + (size_t)ids[r] * stride, lines));
    }
}

// MARK: Rotation

typedef float octet __attribute__((vector_size(32), aligned(4)));

// In memory and not by value: a vector of eight floats has no calling convention on the baseline.
static inline __attribute__((always_inline)) void butterflies_of_8(float *x, float norm) {
    const octet s1 = {1, -1, 1, -1, 1, -1, 1, -1};
    const octet s2 = {1, 1, -1, -1, 1, 1, -1, -1};
    const octet s4 = {1, 1, 1, 1, -1, -1, -1, -1};
    octet v;
    memcpy(&v, x, sizeof v);
    v = __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6) + v * s1;
    v = __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5) + v * s2;
    v = (__builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3) + v * s4) * norm;
    memcpy(x, &v, sizeof v);
}

// The orthonormal Walsh–Hadamard transform of `count` floats, a power of two.
static void hadamard(float *x, size_t count) {
    const float norm = 1.0f / __builtin_sqrtf((float)count);
    size_t half = 1;
    if (count >= 8) {
        for (size_t i = 0; i < count; i += 8) {
            butterflies_of_8(x + i, norm);
        }
        half = 8;
    } else {
        for (size_t i = 0; i < count; i++) {
            x[i] *= norm;
        }
    }
    for (; half < count; half *= 2) {
        for (size_t start = 0; start < count; start += 2 * half) {
            float *a = x + start, *b = a + half;
#pragma clang loop vectorize(assume_safety)
            for (size_t i = 0; i < half; i++) {
                const float u = a[i], w = b[i];
                a[i] = u + w;
                b[i] = u - w;
            }
        }
    }
}

static void rotate(float *x, size_t dim, const float *signs) {
    size_t power = 1;
    while (power * 2 <= dim) {
        power *= 2;
    }
    for (size_t round = 0; round < CVK_NIBBLE_ROTATION_ROUNDS; round++) {
        for (size_t i = 0; i < dim; i++) {
            x[i] *= signs[round * dim + i];
        }
        hadamard(x, power);
        if (power < dim) {
            // The transforms overlap, and the signs of the next round break up what both leave alike.
            hadamard(x + dim - power, power);
        }
    }
}

// MARK: Nibbles

static void encode(const float *x, size_t dim, size_t blocks, float inverse_step, uint8_t *high, uint8_t *low) {
    for (size_t block = 0; block < blocks; block++) {
        uint8_t code[CVK_NIBBLE_BLOCK];
        const size_t first = block * CVK_NIBBLE_BLOCK;
        const size_t count = dim > first ? (dim - first < CVK_NIBBLE_BLOCK ? dim - first : CVK_NIBBLE_BLOCK) : 0;
        for (size_t i = 0; i < count; i++) {
            float steps = x[first + i] * inverse_step;
            steps = steps > 127.0f ? 127.0f : steps;
            steps = steps < -127.0f ? -127.0f : steps;
            code[i] = (uint8_t)(128 + nearest(steps));
        }
        memset(code + count, 128, sizeof code - count);
        for (size_t j = 0; j < LINE; j++) {
            high[block * LINE + j] = (uint8_t)((code[j] >> 4) | (code[LINE + j] & 0xf0));
            low[block * LINE + j] = (uint8_t)((code[j] & 0x0f) | (code[LINE + j] << 4));
        }
    }
}

static void decode(const uint8_t *high, const uint8_t *low, size_t blocks, int8_t *query) {
    for (size_t block = 0; block < blocks; block++) {
        int8_t *out = query + block * CVK_NIBBLE_BLOCK;
        for (size_t j = 0; j < LINE; j++) {
            const uint8_t h = high[block * LINE + j], l = low[block * LINE + j];
            out[j] = (int8_t)(uint8_t)(((h << 4) | (l & 0x0f)) ^ 0x80);
            out[LINE + j] = (int8_t)(uint8_t)(((h & 0xf0) | (l >> 4)) ^ 0x80);
        }
    }
}

static inline __attribute__((always_inline)) lanes nibble_row(const int8_t *query, const uint8_t *row, size_t blocks) {
    lanes sum = zero();
    for (size_t block = 0; block < blocks; block++) {
        sum = nibble_line(sum, query + block * CVK_NIBBLE_BLOCK, row + block * LINE);
    }
    return sum;
}

static inline __attribute__((always_inline)) void nibble_rows(const int8_t *query, const uint8_t *plane, size_t blocks,
                                                              const uint32_t *ids, size_t count, int32_t *out) {
    const size_t stride = blocks * LINE;
    size_t r = 0;
    for (; r + 4 <= count; r += 4) {
        sum_lanes_4(nibble_row(query, plane + ids[r] * stride, blocks),
                    nibble_row(query, plane + ids[r + 1] * stride, blocks),
                    nibble_row(query, plane + ids[r + 2] * stride, blocks),
                    nibble_row(query, plane + ids[r + 3] * stride, blocks), out + r);
    }
    for (; r < count; r++) {
        out[r] = sum_lanes(nibble_row(query, plane + ids[r] * stride, blocks));
    }
}

// Constant row lengths (128, 256, 384, 768, 1024, 1536 components) keep the query in registers.
static void nibble_scores(const int8_t *query, const uint8_t *plane, size_t blocks, const uint32_t *ids, size_t count,
                          int32_t *out) {
    switch (blocks) {
    case 1:
        nibble_rows(query, plane, 1, ids, count, out);
        break;
    case 2:
        nibble_rows(query, plane, 2, ids, count, out);
        break;
    case 3:
        nibble_rows(query, plane, 3, ids, count, out);
        break;
    case 6:
        nibble_rows(query, plane, 6, ids, count, out);
        break;
    case 8:
        nibble_rows(query, plane, 8, ids, count, out);
        break;
    case 12:
        nibble_rows(query, plane, 12, ids, count, out);
        break;
    default:
        nibble_rows(query, plane, blocks, ids, count, out);
    }
}

static void high_dots(const int8_t *query, const uint8_t *high, size_t blocks, const uint32_t *ids, size_t count,
                      int32_t *out) {
    for (size_t r = 0; r < count; r++) {
        prefetch_row(high + (size_t)ids[r] * blocks * LINE, blocks * LINE);
    }
    nibble_scores(query, high, blocks, ids, count, out);
}

static inline __attribute__((always_inline)) lanes planes_row(lanes sum, const int8_t *query, const uint8_t *high,
                                                              const uint8_t *low, size_t blocks) {
    for (size_t block = 0; block < blocks; block++) {
        sum = planes_line(sum, query + block * CVK_NIBBLE_BLOCK, high + block * LINE, low + block * LINE);
    }
    return sum;
}

static inline __attribute__((always_inline)) void planes_rows(const int8_t *query, const uint8_t *high,
                                                              const uint8_t *low, size_t blocks, const uint32_t *ids,
                                                              size_t count, int32_t *out) {
    const lanes start = i8_start(query, 2 * blocks);
    const size_t stride = blocks * LINE;
    for (size_t r = 0; r < count && r < PREFETCH_ROWS; r++) {
        prefetch_row(high + ids[r] * stride, stride);
        prefetch_row(low + ids[r] * stride, stride);
    }
    size_t r = 0;
    for (; r + 4 <= count; r += 4) {
        for (size_t next = r + PREFETCH_ROWS; next < r + PREFETCH_ROWS + 4 && next < count; next++) {
            prefetch_row(high + ids[next] * stride, stride);
            prefetch_row(low + ids[next] * stride, stride);
        }
        const size_t a = ids[r] * stride, b = ids[r + 1] * stride, c = ids[r + 2] * stride, d = ids[r + 3] * stride;
        sum_lanes_4(planes_row(start, query, high + a, low + a, blocks),
                    planes_row(start, query, high + b, low + b, blocks),
                    planes_row(start, query, high + c, low + c, blocks),
                    planes_row(start, query, high + d, low + d, blocks), out + r);
    }
    for (; r < count; r++) {
        const size_t a = ids[r] * stride;
        out[r] = sum_lanes(planes_row(start, query, high + a, low + a, blocks));
    }
}

static void full_dots(const int8_t *query, const uint8_t *high, const uint8_t *low, size_t blocks, const uint32_t *ids,
                      size_t count, int32_t *out) {
    if (blocks == 3) {
        planes_rows(query, high, low, 3, ids, count, out);
    } else {
        planes_rows(query, high, low, blocks, ids, count, out);
    }
}

// MARK: Walk

static size_t expand(const cvk_nibble_walk *walk, const uint32_t *const *lists, size_t count, int32_t floor,
                     uint32_t *ids, int32_t *scores) {
    const size_t row_bytes = walk->blocks * LINE;
    uint8_t *const visited = walk->visited;
    const uint8_t epoch = walk->epoch;
    size_t found = 0;
    for (size_t n = 0; n < count; n++) {
        const uint32_t *links = lists[n];
        for (size_t i = 0; i < walk->degree; i++) {
            const uint32_t id = links[i];
            if (id == CVK_NIBBLE_END) {
                break;
            }
            // The store is unconditional and the count grows by a comparison: whether a neighbour is new is a coin toss
            // that no branch predictor wins.
            const size_t is_new = visited[id] != epoch;
            visited[id] = epoch;
            ids[found] = id;
            found += is_new;
            if (is_new) {
                prefetch_row(walk->codes + id * row_bytes, row_bytes);
            }
        }
    }
    nibble_scores(walk->query, walk->codes, walk->blocks, ids, found, scores);
    size_t kept = 0;
    for (size_t i = 0; i < found; i++) {
        const uint32_t id = ids[i];
        const int32_t score = scores[i];
        ids[kept] = id;
        scores[kept] = score;
        if (score > floor) {
            kept += 1;
            if (walk->rows != NULL) {
                // It enters the pool, so its links may be wanted soon.
                prefetch_row((const uint8_t *)(walk->rows + id * walk->degree), walk->degree * sizeof(uint32_t));
            }
        }
    }
    return kept;
}

const cvk_i8_table I8_TABLE = {quantize_row, quantize_query, i8_dots_rows, i8_dots_gather};

const cvk_nibble_table NIBBLE_TABLE = {rotate, encode, decode, high_dots, full_dots, expand};
