// Dispatch of the float32 kernels: the table is chosen before main, a call costs one load and one indirect jump.
#include "f32_internal.h"

const cvk_f32_table *cvk_f32_kernels(cvk_isa isa) {
    if (!cvk_isa_supported(isa)) {
        return NULL;
    }
    switch (isa) {
#if CVK_X86
    case CVK_ISA_AVX2:
        return &cvk_f32_avx2;
    case CVK_ISA_AVX512:
    case CVK_ISA_AVX512VNNI:
        return &cvk_f32_avx512;
#endif
#if CVK_ARM64
    case CVK_ISA_NEON:
        return &cvk_f32_neon;
#endif
    default:
        return &cvk_f32_serial;
    }
}

static const cvk_f32_table *active = &cvk_f32_serial;

__attribute__((constructor)) static void choose(void) {
    active = cvk_f32_kernels(cvk_instruction_set());
}

float cvk_f32_dot(const float *a, const float *b, size_t dim) {
    return active->dot(a, b, dim);
}

void cvk_f32_dots_rows(const float *query, const float *rows, size_t stride, size_t count, size_t dim, float *out) {
    active->dots_rows(query, rows, stride, count, dim, out);
}

void cvk_f32_dots_gather(const float *query, const float *rows, size_t stride, const uint32_t *ids, size_t count,
                         size_t dim, float *out) {
    active->dots_gather(query, rows, stride, ids, count, dim, out);
}

float cvk_f32_sum_of_squares(const float *a, size_t dim) {
    return active->sum_of_squares(a, dim);
}
