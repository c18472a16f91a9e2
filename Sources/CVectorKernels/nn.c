// Dispatch and packing of the transformer kernels.
#include <math.h>
#include <string.h>

#include "nn_internal.h"

const cvk_nn_table *cvk_nn_kernels(cvk_isa isa) {
    if (!cvk_isa_supported(isa)) {
        return NULL;
    }
    switch (isa) {
#if CVK_X86
    case CVK_ISA_AVX2:
        return &cvk_nn_avx2;
    case CVK_ISA_AVX512:
    case CVK_ISA_AVX512VNNI:
        return &cvk_nn_avx512;
#endif
#if CVK_ARM64
    case CVK_ISA_NEON:
        return &cvk_nn_neon;
#endif
    default:
        return &cvk_nn_serial;
    }
}

size_t cvk_nn_packed_count(size_t outputs, size_t inputs) {
    return cvk_nn_panels(outputs) * CVK_NN_PANEL * inputs;
}

size_t cvk_nn_attention_scratch(size_t length, size_t head_size) {
    size_t padded = cvk_nn_panels(length) * CVK_NN_PANEL;
    size_t padded_head = cvk_nn_panels(head_size) * CVK_NN_PANEL;
    return padded * head_size                // keys, packed
        + padded_head * length               // values, packed
        + CVK_NN_QUERY_BLOCK * padded;       // scores
}

// Calls `body` for the runs of rows that share a panel, input by input, so that the panel is written in order and only
// as many rows are read at once as the first-level cache has room for.
#define FOR_EACH_WEIGHT(body)                                                                   \
    for (size_t r = 0, run; r < rows; r += run) {                                               \
        const size_t lane = (first + r) % CVK_NN_PANEL;                                         \
        const size_t base = (first + r) / CVK_NN_PANEL * CVK_NN_PANEL * inputs + lane;          \
        run = CVK_NN_PANEL - lane < rows - r ? CVK_NN_PANEL - lane : rows - r;                  \
        for (size_t i = 0; i < inputs; i++) {                                                   \
            for (size_t j = 0; j < run; j++) {                                                  \
                const float weight = weights[(r + j) * inputs + i];                             \
                const size_t at = base + i * CVK_NN_PANEL + j;                                  \
                body                                                                            \
            }                                                                                   \
        }                                                                                       \
    }

void cvk_nn_pack(const float *weights, size_t rows, size_t inputs, size_t first, float *packed) {
    FOR_EACH_WEIGHT({ packed[at] = weight; })
}

// Rounds to the nearest half float, ties to even. `value` is finite and below 65,520 in magnitude.
static uint16_t half_from_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t sign = bits >> 16 & 0x8000u;
    uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude < 0x38800000u) {
        // Below 2^-14 a half float is a multiple of 2^-24: adding 0.5 lets the adder round at exactly that bit.
        float shifted;
        memcpy(&shifted, &magnitude, sizeof shifted);
        shifted += 0.5f;
        memcpy(&magnitude, &shifted, sizeof magnitude);
        return (uint16_t)(sign | (magnitude - 0x3f000000u));
    }
    uint32_t odd = magnitude >> 13 & 1u;
    magnitude += 0xc8000fffu + odd;  // rebias the exponent by 15 - 127 and round the 13 bits that go
    return (uint16_t)(sign | magnitude >> 13);
}

int cvk_nn_pack_half(const float *weights, size_t rows, size_t inputs, size_t first, uint16_t *packed) {
    FOR_EACH_WEIGHT({
        if (!(fabsf(weight) < 65520.0f)) {
            return 0;
        }
        packed[at] = half_from_float(weight);
    })
    return 1;
}

void cvk_nn_half_to_float(const void *in, size_t count, float *out) {
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, (const char *)in + i * sizeof half, sizeof half);
        uint32_t sign = (uint32_t)(half & 0x8000u) << 16;
        uint32_t exponent = half >> 10 & 0x1fu;
        uint32_t fraction = half & 0x3ffu;
        uint32_t bits;
        if (exponent == 0x1fu) {
            bits = sign | 0x7f800000u | fraction << 13;
        } else if (exponent != 0) {
            bits = sign | (exponent + 112u) << 23 | fraction << 13;
        } else {
            float subnormal = (float)fraction * 0x1p-24f;
            memcpy(&bits, &subnormal, sizeof bits);
            bits |= sign;
        }
        memcpy(&out[i], &bits, sizeof bits);
    }
}

void cvk_nn_bfloat_to_float(const void *in, size_t count, float *out) {
    for (size_t i = 0; i < count; i++) {
        uint16_t upper;
        memcpy(&upper, (const char *)in + i * sizeof upper, sizeof upper);
        uint32_t bits = (uint32_t)upper << 16;
        memcpy(&out[i], &bits, sizeof bits);
    }
}
