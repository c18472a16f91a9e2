#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "cvk_memory.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

static const size_t huge_page = (size_t)2 << 20;

void *cvk_memory_map(size_t bytes) {
    // Map one huge page more than asked, then trim both ends to get the alignment that huge pages need.
    size_t padded = bytes + huge_page;
    if (padded < bytes) {
        return NULL;
    }
    char *raw = mmap(NULL, padded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED) {
        return NULL;
    }
    size_t head = (huge_page - ((uintptr_t)raw & (huge_page - 1))) & (huge_page - 1);
    if (head != 0) {
        munmap(raw, head);
    }
    char *region = raw + head;
    size_t tail = padded - head - bytes;
    if (tail != 0) {
        munmap(region + bytes, tail);
    }
#if defined(MADV_HUGEPAGE)
    madvise(region, bytes, MADV_HUGEPAGE);
#endif
    return region;
}

void *cvk_memory_grow(void *region, size_t old_bytes, size_t new_bytes) {
    char *larger = cvk_memory_map(new_bytes);
    if (larger == NULL) {
        return NULL;
    }
#if defined(__linux__)
    // Both regions are 2 MiB aligned, so the kernel moves whole page-table entries of huge pages.
    if (mremap(region, old_bytes, old_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, larger) == MAP_FAILED) {
        munmap(larger, new_bytes);
        return NULL;
    }
#else
    memcpy(larger, region, old_bytes);
    munmap(region, old_bytes);
#endif
    return larger;
}

void cvk_memory_unmap(void *region, size_t bytes) {
    munmap(region, bytes);
}
