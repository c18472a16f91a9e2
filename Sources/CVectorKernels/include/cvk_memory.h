// Large zeroed memory that grows in place.
//
// A region is address space first: pages get memory when they are touched, so a generous capacity costs nothing, and
// growing past it moves page tables instead of bytes. The shim exists because mremap is variadic, which Swift cannot call.
#ifndef CVK_MEMORY_H
#define CVK_MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Maps `bytes` of zeroed memory at a 2 MiB boundary and asks for huge pages; NULL when the system refuses.
void *cvk_memory_map(size_t bytes);

/// Moves a region of `old_bytes` into a larger one of `new_bytes`, keeping its content; NULL (region untouched) on refusal.
void *cvk_memory_grow(void *region, size_t old_bytes, size_t new_bytes);

/// Gives a region back.
void cvk_memory_unmap(void *region, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
