// Transformer kernels for NEON: 6 rows × 4 vectors of sums, 4 weights and 1 input use 29 of 32 registers.
#include "nn_internal.h"

#if CVK_ARM64

#define LANES 4
#define COLUMNS 4
#define TILE_ROWS 6
#define HAS_HALF 1
#define TABLE cvk_nn_neon

#include "nn_template.h"

#endif
