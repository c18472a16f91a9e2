#ifndef CVK_NN_INTERNAL_H
#define CVK_NN_INTERNAL_H

#include "cvk_internal.h"
#include "cvk_nn.h"

extern const cvk_nn_table cvk_nn_serial;
#if CVK_X86
extern const cvk_nn_table cvk_nn_avx2;
extern const cvk_nn_table cvk_nn_avx512;
#endif
#if CVK_ARM64
extern const cvk_nn_table cvk_nn_neon;
#endif

// Queries whose scores the attention holds at once: they stay in the first-level cache for lengths up to 512.
enum { CVK_NN_QUERY_BLOCK = 24 };

static inline size_t cvk_nn_panels(size_t columns) {
    return (columns + CVK_NN_PANEL - 1) / CVK_NN_PANEL;
}

#endif
