// XXH64 (Yann Collet, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), the checksum of our files.
//
// It finds damage and not malice; 8 bytes a lane, about 10 GB/s.
#ifndef CVK_CHECKSUM_H
#define CVK_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint64_t cvk_xxh64(const void *bytes, size_t count, uint64_t seed);

#ifdef __cplusplus
}
#endif

#endif
