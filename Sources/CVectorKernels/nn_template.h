// The transformer kernels, written once over vectors of LANES floats.
//
// Each nn_<isa>.c defines the five parameters below, opens a region compiled for its instruction set, includes this
// file and closes the region. The compiler's generic vectors become zmm, ymm or q registers there; every helper is
// inlined, so no vector crosses a function call.
//
//     LANES      floats of a vector
//     COLUMNS    vectors side by side in a register tile; LANES × COLUMNS divides CVK_NN_PANEL
//     TILE_ROWS  rows of a register tile; TILE_ROWS × COLUMNS accumulators stay in registers
//     TABLE      name of the table to define
//     HAS_HALF   whether the instruction set widens half floats itself
//
// A name in this file is static, so the copies do not meet.

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((vector_size(LANES * 4)));
typedef int32_t vi __attribute__((vector_size(LANES * 4)));
typedef uint16_t vh __attribute__((vector_size(LANES * 2)));

enum {
    TILE_COLUMNS = LANES * COLUMNS,
    PREFETCH_BYTES = 2048,  // ahead of the weights in use: DRAM latency at the rate a tile consumes them
};

#pragma clang fp contract(fast)

#include "nn_vectors.h"

// MARK: Dense layers

// out (ROWS × width columns) = in (ROWS × inputs) · the tile's columns of one panel + bias.
// `rows` and `half` are constants at every call, so the loops over them unroll and the sums live in registers.
INLINE void tile(const void *panel, int half, const float *bias, const float *in, size_t in_stride, size_t inputs,
                 size_t rows, float *out, size_t out_stride, size_t width) {
    vf sum[TILE_ROWS][COLUMNS];
#pragma clang loop unroll(full)
    for (size_t c = 0; c < COLUMNS; c++) {
        vf start = bias != NULL ? load(bias + c * LANES) : splat(0.0f);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            sum[r][c] = start;
        }
    }
    for (size_t i = 0; i < inputs; i++) {
        vf weight[COLUMNS];
#pragma clang loop unroll(full)
        for (size_t c = 0; c < COLUMNS; c++) {
            size_t at = i * CVK_NN_PANEL + c * LANES;
            weight[c] = half ? load_half((const uint16_t *)panel + at) : load((const float *)panel + at);
        }
        // The panels lie one behind the other, so running past the end of this one fetches the next.
        const char *ahead = (const char *)panel + i * CVK_NN_PANEL * (half ? 2 : 4) + PREFETCH_BYTES;
        __builtin_prefetch(ahead, 0, 3);
        if (!half) {
            __builtin_prefetch(ahead + 64, 0, 3);
        }
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            vf x = splat(in[r * in_stride + i]);
#pragma clang loop unroll(full)
            for (size_t c = 0; c < COLUMNS; c++) {
                sum[r][c] += x * weight[c];
            }
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t c = 0; c < COLUMNS; c++) {
            float *at = out + r * out_stride + c * LANES;
            if ((c + 1) * LANES <= width) {
                store(at, sum[r][c]);
            } else if (c * LANES < width) {
                store_part(at, sum[r][c], width - c * LANES);
            }
        }
    }
}

typedef void (*tile_function)(const void *panel, const float *bias, const float *in, size_t in_stride, size_t inputs,
                              float *out, size_t out_stride, size_t width);

#define DEFINE_TILE(rows)                                                                                         \
    static void tile_float_##rows(const void *panel, const float *bias, const float *in, size_t in_stride,        \
                                  size_t inputs, float *out, size_t out_stride, size_t width) {                   \
        tile(panel, 0, bias, in, in_stride, inputs, rows, out, out_stride, width);                                \
    }                                                                                                             \
    static void tile_half_##rows(const void *panel, const float *bias, const float *in, size_t in_stride,         \
                                 size_t inputs, float *out, size_t out_stride, size_t width) {                    \
        tile(panel, 1, bias, in, in_stride, inputs, rows, out, out_stride, width);                                \
    }

DEFINE_TILE(1)
DEFINE_TILE(2)
DEFINE_TILE(3)
DEFINE_TILE(4)
#if TILE_ROWS > 4
DEFINE_TILE(5)
DEFINE_TILE(6)
#endif
#if TILE_ROWS > 6
DEFINE_TILE(7)
DEFINE_TILE(8)
DEFINE_TILE(9)
DEFINE_TILE(10)
DEFINE_TILE(11)
DEFINE_TILE(12)
DEFINE_TILE(13)
DEFINE_TILE(14)
#endif

static const tile_function tiles[2][TILE_ROWS] = {
    {
        tile_float_1, tile_float_2, tile_float_3, tile_float_4,
#if TILE_ROWS > 4
        tile_float_5, tile_float_6,
#endif
#if TILE_ROWS > 6
        tile_float_7, tile_float_8, tile_float_9, tile_float_10, tile_float_11, tile_float_12, tile_float_13,
        tile_float_14,
#endif
    },
    {
        tile_half_1, tile_half_2, tile_half_3, tile_half_4,
#if TILE_ROWS > 4
        tile_half_5, tile_half_6,
#endif
#if TILE_ROWS > 6
        tile_half_7, tile_half_8, tile_half_9, tile_half_10, tile_half_11, tile_half_12, tile_half_13, tile_half_14,
#endif
    },
};

// Panel by panel, so that the weights come from memory once; the rows of `in` stay in cache. Rows are dealt out evenly
// (32 rows in tiles of 11, 11 and 10) because a tile of few rows leaves the multipliers idle.
static void dense(const cvk_nn_dense *layer, const float *in, size_t in_stride, size_t rows, float *out,
                  size_t out_stride) {
    if (rows == 0) {
        return;
    }
    const int half = layer->half != 0;
    const size_t row_tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    const size_t panel_bytes = layer->inputs * CVK_NN_PANEL * (half ? sizeof(uint16_t) : sizeof(float));
    for (size_t column = 0; column < layer->outputs; column += TILE_COLUMNS) {
        const size_t within = column % CVK_NN_PANEL;
        const char *panel = (const char *)layer->packed + column / CVK_NN_PANEL * panel_bytes
            + within * (half ? sizeof(uint16_t) : sizeof(float));
        const float *bias = layer->bias != NULL ? layer->bias + column : NULL;
        const size_t left = layer->outputs - column;
        const size_t width = left < TILE_COLUMNS ? left : TILE_COLUMNS;
        size_t row = 0;
        for (size_t t = 0; t < row_tiles; t++) {
            const size_t count = (rows - row) / (row_tiles - t);
            float *at = out + row * out_stride + column;
            tiles[half][count - 1](panel, bias, in + row * in_stride, in_stride, layer->inputs, at, out_stride, width);
            if (layer->activation != CVK_NN_IDENTITY) {
                for (size_t r = 0; r < count; r++) {
                    activate(at + r * out_stride, width, layer->activation);
                }
            }
            row += count;
        }
    }
}

// MARK: Attention

static void softmax(float *x, size_t count, float scale) {
    if (count == 0) {
        return;
    }
    const vf scales = splat(scale);
    const size_t whole = count / LANES * LANES;
    const size_t rest = count - whole;
    vf top = splat(-__builtin_inff());
    for (size_t i = 0; i < whole; i += LANES) {
        vf scaled = load(x + i) * scales;
        store(x + i, scaled);
        top = vmax(top, scaled);
    }
    vf last = splat(-__builtin_inff());
    if (rest != 0) {
        last = load_part(x + whole, rest, 0.0f) * scales;
        store_part(x + whole, last, rest);
        last = load_part(x + whole, rest, -__builtin_inff());
        top = vmax(top, last);
    }
    const vf highest = splat(max_lanes(top));
    vf sum = splat(0.0f);
    for (size_t i = 0; i < whole; i += LANES) {
        vf power = exp_negative(load(x + i) - highest);
        store(x + i, power);
        sum += power;
    }
    float total = 0.0f;
    if (rest != 0) {
        store_part(x + whole, exp_negative(last - highest), rest);
        for (size_t i = whole; i < count; i++) {
            total += x[i];
        }
    }
    const float factor = 1.0f / (total + sum_lanes(sum));
    for (size_t i = 0; i < whole; i += LANES) {
        store(x + i, load(x + i) * splat(factor));
    }
    for (size_t i = whole; i < count; i++) {
        x[i] *= factor;
    }
}

// Key j of one head becomes column j of the packed keys, so that query · packed keys gives a row of scores.
static void pack_keys(const cvk_nn_attention *a, const float *keys, float *packed) {
    for (size_t first = 0; first < a->length; first += CVK_NN_PANEL) {
        const size_t left = a->length - first;
        const size_t width = left < CVK_NN_PANEL ? left : CVK_NN_PANEL;
        float *panel = packed + first * a->head_size;
        for (size_t i = 0; i < a->head_size; i++) {
            for (size_t j = 0; j < width; j++) {
                panel[i * CVK_NN_PANEL + j] = keys[(first + j) * a->stride + i];
            }
            for (size_t j = width; j < CVK_NN_PANEL; j++) {
                panel[i * CVK_NN_PANEL + j] = 0.0f;
            }
        }
    }
}

// Value j becomes row j of the packed values: scores · packed values is the head's output.
static void pack_values(const cvk_nn_attention *a, const float *values, float *packed) {
    for (size_t first = 0; first < a->head_size; first += CVK_NN_PANEL) {
        const size_t left = a->head_size - first;
        const size_t width = left < CVK_NN_PANEL ? left : CVK_NN_PANEL;
        float *panel = packed + first * a->length;
        for (size_t j = 0; j < a->length; j++) {
            memcpy(panel + j * CVK_NN_PANEL, values + j * a->stride + first, width * sizeof(float));
            memset(panel + j * CVK_NN_PANEL + width, 0, (CVK_NN_PANEL - width) * sizeof(float));
        }
    }
}

static void attention(const cvk_nn_attention *a) {
    const size_t model_width = a->heads * a->head_size;
    const size_t padded = cvk_nn_panels(a->length) * CVK_NN_PANEL;
    float *keys = a->scratch;
    float *values = keys + padded * a->head_size;
    float *scores = values + cvk_nn_panels(a->head_size) * CVK_NN_PANEL * a->length;
    const cvk_nn_dense score = {keys, 0, NULL, a->head_size, a->length, CVK_NN_IDENTITY};
    const cvk_nn_dense mix = {values, 0, NULL, a->length, a->head_size, CVK_NN_IDENTITY};
    for (size_t head = 0; head < a->heads; head++) {
        const float *queries = a->qkv + head * a->head_size;
        pack_keys(a, queries + model_width, keys);
        pack_values(a, queries + 2 * model_width, values);
        for (size_t first = 0; first < a->length; first += CVK_NN_QUERY_BLOCK) {
            const size_t left = a->length - first;
            const size_t rows = left < CVK_NN_QUERY_BLOCK ? left : CVK_NN_QUERY_BLOCK;
            dense(&score, queries + first * a->stride, a->stride, rows, scores, padded);
            for (size_t r = 0; r < rows; r++) {
                softmax(scores + r * padded, a->length, a->scale);
            }
            dense(&mix, scores, padded, rows, a->out + first * a->out_stride + head * a->head_size, a->out_stride);
        }
    }
}

// MARK: Layer normalisation

static void layer_norm(float *x, const float *residual, const float *gain, const float *bias, size_t rows,
                       size_t width, float epsilon) {
    const size_t whole = width / LANES * LANES;
    for (size_t r = 0; r < rows; r++, x += width) {
        vf sum = splat(0.0f);
        float total = 0.0f;
        if (residual != NULL) {
            for (size_t i = 0; i < whole; i += LANES) {
                vf value = load(x + i) + load(residual + i);
                store(x + i, value);
                sum += value;
            }
            for (size_t i = whole; i < width; i++) {
                x[i] += residual[i];
                total += x[i];
            }
            residual += width;
        } else {
            for (size_t i = 0; i < whole; i += LANES) {
                sum += load(x + i);
            }
            for (size_t i = whole; i < width; i++) {
                total += x[i];
            }
        }
        const float mean = (total + sum_lanes(sum)) / (float)width;
        // A second pass over the row, in cache, keeps the variance exact where E[x²] − mean² would cancel.
        vf squares = splat(0.0f);
        float total_squares = 0.0f;
        for (size_t i = 0; i < whole; i += LANES) {
            vf difference = load(x + i) - splat(mean);
            squares += difference * difference;
        }
        for (size_t i = whole; i < width; i++) {
            total_squares += (x[i] - mean) * (x[i] - mean);
        }
        const float variance = (total_squares + sum_lanes(squares)) / (float)width;
        const float factor = 1.0f / __builtin_sqrtf(variance + epsilon);
        for (size_t i = 0; i < whole; i += LANES) {
            store(x + i, (load(x + i) - splat(mean)) * splat(factor) * load(gain + i) + load(bias + i));
        }
        for (size_t i = whole; i < width; i++) {
            x[i] = (x[i] - mean) * factor * gain[i] + bias[i];
        }
    }
}

const cvk_nn_table TABLE = {
    .dense = dense,
    .attention = attention,
    .layer_norm = layer_norm,
    .softmax = softmax,
    .activate = activate,
};
