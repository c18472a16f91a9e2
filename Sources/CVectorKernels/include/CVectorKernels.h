// Hand-written kernels behind run-time dispatch, one header per family.
//
// Symbols begin with cvk_. Nothing here needs a compiler flag: functions of a wider instruction set carry target
// attributes and are reached only after a probe of the processor.
#ifndef CVK_VECTOR_KERNELS_H
#define CVK_VECTOR_KERNELS_H

#include "cvk_bits.h"
#include "cvk_checksum.h"
#include "cvk_f32.h"
#include "cvk_i8.h"
#include "cvk_isa.h"
#include "cvk_loader.h"
#include "cvk_memory.h"
#include "cvk_nibble.h"
#include "cvk_nn.h"
#include "cvk_select.h"

#endif
