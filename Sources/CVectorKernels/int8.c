// Dispatch of the int8 and nibble kernels. AVX-512 without VNNI has no byte products worth having: it runs AVX2.
#include "int8_internal.h"

const cvk_i8_table *cvk_i8_kernels(cvk_isa isa) {
    if (!cvk_isa_supported(isa)) {
        return NULL;
    }
    switch (isa) {
#if CVK_X86
    case CVK_ISA_AVX2:
    case CVK_ISA_AVX512:
        return &cvk_i8_avx2;
    case CVK_ISA_AVX512VNNI:
        return &cvk_i8_avx512vnni;
#endif
#if CVK_ARM64
    case CVK_ISA_NEON:
        return &cvk_i8_neon;
#endif
    default:
        return &cvk_i8_serial;
    }
}

const cvk_nibble_table *cvk_nibble_kernels(cvk_isa isa) {
    if (!cvk_isa_supported(isa)) {
        return NULL;
    }
    switch (isa) {
#if CVK_X86
    case CVK_ISA_AVX2:
    case CVK_ISA_AVX512:
        return &cvk_nibble_avx2;
    case CVK_ISA_AVX512VNNI:
        return &cvk_nibble_avx512vnni;
#endif
#if CVK_ARM64
    case CVK_ISA_NEON:
        return &cvk_nibble_neon;
#endif
    default:
        return &cvk_nibble_serial;
    }
}

static const cvk_i8_table *active = &cvk_i8_serial;
static const cvk_nibble_table *active_nibble = &cvk_nibble_serial;

__attribute__((constructor)) static void choose(void) {
    active = cvk_i8_kernels(cvk_instruction_set());
    active_nibble = cvk_nibble_kernels(cvk_instruction_set());
}

float cvk_i8_quantize_row(const float *x, size_t dim, size_t padded, uint8_t *code) {
    return active->quantize_row(x, dim, padded, code);
}

float cvk_i8_quantize_query(const float *x, size_t dim, size_t padded, int8_t *code) {
    return active->quantize_query(x, dim, padded, code);
}

void cvk_i8_dots_rows(const int8_t *query, const uint8_t *rows, size_t stride, size_t count, size_t padded,
                      int32_t *out) {
    active->dots_rows(query, rows, stride, count, padded, out);
}

void cvk_i8_dots_gather(const int8_t *query, const uint8_t *rows, size_t stride, const uint32_t *ids, size_t count,
                        size_t padded, int32_t *out) {
    active->dots_gather(query, rows, stride, ids, count, padded, out);
}

const cvk_nibble_table *cvk_nibble_active(void) {
    return active_nibble;
}

int32_t cvk_nibble_query_sum(const int8_t *query, size_t blocks) {
    int32_t sum = 0;
    for (size_t i = 0; i < blocks * CVK_NIBBLE_BLOCK; i++) {
        sum += query[i];
    }
    return sum;
}

int cvk_nibble_intersect(const uint32_t *a, const uint32_t *b, size_t limit) {
    for (size_t i = 0; i < limit && a[i] != CVK_NIBBLE_END; i++) {
        // No early exit in the inner loop, so that it becomes a few vector comparisons. What lies behind an end marker
        // is markers, which no number equals.
        uint32_t found = 0;
        for (size_t j = 0; j < limit; j++) {
            found |= a[i] == b[j];
        }
        if (found != 0) {
            return 1;
        }
    }
    return 0;
}
