// Codes and tables of the sign-bit scan, and its dispatch.
#include "bits_internal.h"

enum { NIBBLE = 4, ENTRIES = 16 };

size_t cvk_bits_pairs(size_t dim) {
    return (dim + CVK_BITS_PAIR_COMPONENTS - 1) / CVK_BITS_PAIR_COMPONENTS;
}

void cvk_bits_encode(const float *x, size_t dim, uint8_t *block, size_t row) {
    const size_t pairs = cvk_bits_pairs(dim);
    for (size_t pair = 0; pair < pairs; pair++) {
        unsigned code = 0;
        for (size_t bit = 0; bit < CVK_BITS_PAIR_COMPONENTS; bit++) {
            const size_t i = pair * CVK_BITS_PAIR_COMPONENTS + bit;
            code |= (unsigned)(i >= dim || x[i] >= 0) << bit;
        }
        block[pair * CVK_BITS_BLOCK_ROWS + row] = (uint8_t)code;
    }
}

void cvk_bits_copy(const uint8_t *source, size_t source_row, uint8_t *target, size_t target_row, size_t pairs) {
    for (size_t pair = 0; pair < pairs; pair++) {
        target[pair * CVK_BITS_BLOCK_ROWS + target_row] = source[pair * CVK_BITS_BLOCK_ROWS + source_row];
    }
}

static float component(const float *query, size_t dim, size_t i) {
    return i < dim ? query[i] : 0;
}

void cvk_bits_tables(const float *query, size_t dim, uint8_t *tables, float *scale, float *offset) {
    const size_t pairs = cvk_bits_pairs(dim);
    const size_t nibbles = 2 * pairs;
    // A table holds values from −Σ|q| to Σ|q| of its nibble, shifted to start at zero.
    float widest = 0, total = 0;
    for (size_t n = 0; n < nibbles; n++) {
        float half = 0;
        for (size_t bit = 0; bit < NIBBLE; bit++) {
            half += __builtin_fabsf(component(query, dim, n * NIBBLE + bit));
        }
        widest = half > widest ? half : widest;
        total += half;
    }
    // Two entries must fit a byte together, and all entries of a row sixteen bits (rounding may add a half each).
    const float byte_limit = 127.0f / (2 * widest);
    const float sum_limit = (65535.0f - (float)nibbles) / (2 * total);
    const float inverse = widest > 0 ? (byte_limit < sum_limit ? byte_limit : sum_limit) : 0;
    for (size_t n = 0; n < nibbles; n++) {
        float half = 0;
        for (size_t bit = 0; bit < NIBBLE; bit++) {
            half += __builtin_fabsf(component(query, dim, n * NIBBLE + bit));
        }
        for (unsigned entry = 0; entry < ENTRIES; entry++) {
            float sum = half;
            for (size_t bit = 0; bit < NIBBLE; bit++) {
                const float q = component(query, dim, n * NIBBLE + bit);
                sum += (entry >> bit & 1) != 0 ? q : -q;
            }
            const float rounded = sum * inverse + 0.5f;
            tables[n * ENTRIES + entry] = rounded > 0 ? (uint8_t)rounded : 0;
        }
    }
    *scale = inverse > 0 ? 1 / inverse : 0;
    *offset = -total;
}

const cvk_bits_table *cvk_bits_kernels(cvk_isa isa) {
    if (!cvk_isa_supported(isa)) {
        return NULL;
    }
    switch (isa) {
#if CVK_X86
    case CVK_ISA_AVX2:
        return &cvk_bits_avx2;
    case CVK_ISA_AVX512:
    case CVK_ISA_AVX512VNNI:
        return &cvk_bits_avx512;
#endif
#if CVK_ARM64
    case CVK_ISA_NEON:
        return &cvk_bits_neon;
#endif
    default:
        return &cvk_bits_serial;
    }
}

static const cvk_bits_table *active = &cvk_bits_serial;

__attribute__((constructor)) static void choose(void) {
    active = cvk_bits_kernels(cvk_instruction_set());
}

void cvk_bits_sums(const uint8_t *tables, const uint8_t *blocks, size_t pairs, size_t block_count, uint16_t *out) {
    active->sums(tables, blocks, pairs, block_count, out);
}
