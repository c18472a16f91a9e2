#include "cvk_checksum.h"

#include <string.h>

static const uint64_t P1 = 0x9E3779B185EBCA87u;
static const uint64_t P2 = 0xC2B2AE3D27D4EB4Fu;
static const uint64_t P3 = 0x165667B19E3779F9u;
static const uint64_t P4 = 0x85EBCA77C2B2AE63u;
static const uint64_t P5 = 0x27D4EB2F165667C5u;

static inline uint64_t rotate(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

// The specification reads little-endian words whatever the machine.
static inline uint64_t word64(const unsigned char *p) {
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

static inline uint64_t word32(const unsigned char *p) {
    uint32_t x;
    memcpy(&x, p, sizeof x);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap32(x);
#endif
    return x;
}

static inline uint64_t round_of(uint64_t lane, uint64_t input) {
    return rotate(lane + input * P2, 31) * P1;
}

static inline uint64_t merge(uint64_t hash, uint64_t lane) {
    return (hash ^ round_of(0, lane)) * P1 + P4;
}

static uint64_t finish(uint64_t hash, const unsigned char *p, size_t rest) {
    for (; rest >= 8; p += 8, rest -= 8) {
        hash = rotate(hash ^ round_of(0, word64(p)), 27) * P1 + P4;
    }
    if (rest >= 4) {
        hash = rotate(hash ^ word32(p) * P1, 23) * P2 + P3;
        p += 4;
        rest -= 4;
    }
    for (; rest > 0; p++, rest--) {
        hash = rotate(hash ^ *p * P5, 11) * P1;
    }
    hash = (hash ^ hash >> 33) * P2;
    hash = (hash ^ hash >> 29) * P3;
    return hash ^ hash >> 32;
}

uint64_t cvk_xxh64(const void *bytes, size_t count, uint64_t seed) {
    const unsigned char *p = bytes;
    if (count < 32) {
        return finish(seed + P5 + count, p, count);
    }
    uint64_t a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
    size_t rest = count;
    for (; rest >= 32; p += 32, rest -= 32) {
        a = round_of(a, word64(p));
        b = round_of(b, word64(p + 8));
        c = round_of(c, word64(p + 16));
        d = round_of(d, word64(p + 24));
    }
    uint64_t hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    hash = merge(merge(merge(merge(hash, a), b), c), d);
    return finish(hash + count, p, rest);
}
