// Transformer layers for a few to a few hundred rows: dense layers over packed weights, attention, layer
// normalisation. Everything runs on the calling thread and allocates nothing.
//
// A general sgemm packs its weights on every call, which costs as much as multiplying them when a text has eight
// tokens. These kernels take weights packed once into panels of CVK_NN_PANEL columns (see cvk_nn_packed_count):
//
//     W (outputs × inputs)      panel p, p = 0, 1, …            columns that do not exist are zero
//     row o = weights of        input 0: W[32p][0] … W[32p+31][0]
//     output o                  input 1: W[32p][1] … W[32p+31][1]
//                               …
//
// so that the inner loop reads the weights once, in order. The layout is the same for every instruction set.
#ifndef CVK_NN_H
#define CVK_NN_H

#include <stddef.h>
#include <stdint.h>

#include "cvk_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Columns of a packed panel.
enum { CVK_NN_PANEL = 32 };

/// What follows the bias of a dense layer.
typedef enum cvk_nn_activation {
    CVK_NN_IDENTITY = 0,
    CVK_NN_GELU = 1,  // x Φ(x), from the error function and not from its tanh approximation
    CVK_NN_RELU = 2,
    CVK_NN_TANH = 3,
} cvk_nn_activation;

/// One dense layer: out = activation(in · Wᵀ + bias).
typedef struct cvk_nn_dense {
    const void *packed;   // panels of float, or of IEEE half floats when `half` is not 0
    int half;
    const float *bias;    // readable up to `outputs` rounded up to a whole panel
    size_t inputs;
    size_t outputs;
    cvk_nn_activation activation;
} cvk_nn_dense;

/// The heads of one sequence's self-attention.
typedef struct cvk_nn_attention {
    const float *qkv;     // length rows of `stride` floats: queries, keys and values, each heads × head_size wide
    size_t stride;
    size_t length;
    size_t heads;
    size_t head_size;
    float scale;          // multiplies every score: 1 / √head_size
    float *scratch;       // cvk_nn_attention_scratch(length, head_size) floats
    float *out;           // length rows of `out_stride` floats: the heads side by side
    size_t out_stride;
} cvk_nn_attention;

/// The kernels of one instruction set. No argument needs alignment; strides count floats.
typedef struct cvk_nn_table {
    /// Runs `layer` over `rows` rows; `in` and `out` may not overlap.
    void (*dense)(const cvk_nn_dense *layer, const float *in, size_t in_stride, size_t rows, float *out,
                  size_t out_stride);
    /// softmax(scale · Q Kᵀ) V for every head.
    void (*attention)(const cvk_nn_attention *arguments);
    /// In place, row by row: x = gain · (x + residual − mean) / √(variance + epsilon) + bias. `residual` may be NULL.
    void (*layer_norm)(float *x, const float *residual, const float *gain, const float *bias, size_t rows,
                       size_t width, float epsilon);
    /// In place: x = softmax(scale · x) over `count` values, all finite.
    void (*softmax)(float *x, size_t count, float scale);
    /// In place over `count` values.
    void (*activate)(float *x, size_t count, cvk_nn_activation activation);
} cvk_nn_table;

/// The kernels of `isa`, or NULL when this processor cannot run them.
const cvk_nn_table *cvk_nn_kernels(cvk_isa isa);

/// Elements of the packed form of an outputs × inputs matrix.
size_t cvk_nn_packed_count(size_t outputs, size_t inputs);

/// Packs `rows` rows of W (row-major, `inputs` wide) as outputs `first` … of a matrix whose panels start at `packed`.
/// The caller zeroes the panels beforehand.
void cvk_nn_pack(const float *weights, size_t rows, size_t inputs, size_t first, float *packed);

/// As cvk_nn_pack, rounding to half precision. Returns 0 when a weight is beyond its range (65,504), leaving the panels
/// partly filled.
int cvk_nn_pack_half(const float *weights, size_t rows, size_t inputs, size_t first, uint16_t *packed);

/// Floats of scratch memory for the attention of one sequence.
size_t cvk_nn_attention_scratch(size_t length, size_t head_size);

/// Widens IEEE half floats, little-endian at any address.
void cvk_nn_half_to_float(const void *in, size_t count, float *out);

/// Widens bfloat16 numbers, little-endian at any address.
void cvk_nn_bfloat_to_float(const void *in, size_t count, float *out);

#ifdef __cplusplus
}
#endif

#endif
