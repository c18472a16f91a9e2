// Transformer kernels in the baseline instruction set (SSE2 on x86-64): the path of last resort.
#include "nn_internal.h"

#define LANES 4
#define COLUMNS 2
#define TILE_ROWS 4
#define HAS_HALF 0
#define TABLE cvk_nn_serial

#include "nn_template.h"
