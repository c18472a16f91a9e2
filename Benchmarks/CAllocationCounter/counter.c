#include "CAllocationCounter.h"

#if defined(__GLIBC__) || defined(__linux__)
#include <features.h>
#endif

// A sanitizer has an allocator of its own, which must not be stood in for: nothing is counted then.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define CAC_IS_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(CAC_IS_SANITIZED)

#include <malloc.h>
#include <stddef.h>

// The dynamic linker prefers a program's own symbols, so these stand in front of glibc's for every library of the
// process; glibc exports the originals under these names.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static __thread long allocations;

void *malloc(size_t size) {
    allocations += 1;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations += 1;
    return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
    allocations += 1;
    return __libc_realloc(pointer, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    allocations += 1;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    allocations += 1;
    *pointer = __libc_memalign(alignment, size);
    return *pointer ? 0 : 12; // ENOMEM
}

long cac_allocations_of_this_thread(void) { return allocations; }

long cac_allocated_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return (long)(info.uordblks + info.hblkhd);
}

#else

long cac_allocations_of_this_thread(void) { return -1; }

long cac_allocated_bytes(void) { return -1; }

#endif

int cac_is_release_build(void) {
#ifdef __OPTIMIZE__
    return 1;
#else
    return 0;
#endif
}
