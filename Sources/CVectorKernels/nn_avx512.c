// Transformer kernels for AVX-512: 14 rows × 2 vectors of sums, 2 weights and 1 input use 31 of 32 registers.
#include "nn_internal.h"

#if CVK_X86

#define LANES 16
#define COLUMNS 2
#define TILE_ROWS 14
#define HAS_HALF 1
#define TABLE cvk_nn_avx512

CVK_TARGET_BEGIN(CVK_AVX512_FEATURES)

#include "nn_template.h"

CVK_TARGET_END

#endif
