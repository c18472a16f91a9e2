// Transformer kernels for AVX2: 6 rows × 2 vectors of sums, 2 weights and 1 input use 15 of 16 registers.
#include "nn_internal.h"

#if CVK_X86

#define LANES 8
#define COLUMNS 2
#define TILE_ROWS 6
#define HAS_HALF 1
#define TABLE cvk_nn_avx2

CVK_TARGET_BEGIN(CVK_AVX2_FEATURES)

#include "nn_template.h"

CVK_TARGET_END

#endif
