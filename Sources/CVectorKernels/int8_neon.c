// Int8 kernels for AArch64: byte products widened to 16 bits and added in pairs, which every AArch64 processor has.
// |c − 128| ≤ 127 times |q| ≤ 127, twice, is 32,258 and fits 16 bits.
#include "int8_internal.h"

#if CVK_ARM64

#define INLINE static inline __attribute__((always_inline))

typedef int32x4_t lanes;

INLINE lanes zero(void) {
    return vdupq_n_s32(0);
}

INLINE lanes i8_start(const int8_t *query, size_t lines) {
    (void)query;
    (void)lines;
    return zero();
}

INLINE lanes products(lanes sum, int8x16_t a, int8x16_t b) {
    const int16x8_t pairs = vmlal_s8(vmull_s8(vget_low_s8(a), vget_low_s8(b)), vget_high_s8(a), vget_high_s8(b));
    return vpadalq_s16(sum, pairs);
}

INLINE int8x16_t unbias(uint8x16_t v) {
    return vreinterpretq_s8_u8(veorq_u8(v, vdupq_n_u8(0x80)));
}

INLINE lanes i8_line(lanes sum, const int8_t *query, const uint8_t *row) {
    for (int i = 0; i < 64; i += 16) {
        sum = products(sum, vld1q_s8(query + i), unbias(vld1q_u8(row + i)));
    }
    return sum;
}

INLINE lanes nibble_line(lanes sum, const int8_t *query, const uint8_t *plane) {
    for (int i = 0; i < 64; i += 16) {
        const uint8x16_t v = vld1q_u8(plane + i);
        sum = products(sum, vld1q_s8(query + i), vreinterpretq_s8_u8(vandq_u8(v, vdupq_n_u8(15))));
        sum = products(sum, vld1q_s8(query + 64 + i), vreinterpretq_s8_u8(vshrq_n_u8(v, 4)));
    }
    return sum;
}

INLINE lanes planes_line(lanes sum, const int8_t *query, const uint8_t *high, const uint8_t *low) {
    for (int i = 0; i < 64; i += 16) {
        const uint8x16_t h = vld1q_u8(high + i), l = vld1q_u8(low + i);
        const uint8x16_t first = vsliq_n_u8(vandq_u8(l, vdupq_n_u8(15)), h, 4);
        const uint8x16_t second = vsriq_n_u8(vandq_u8(h, vdupq_n_u8(0xf0)), l, 4);
        sum = products(sum, vld1q_s8(query + i), unbias(first));
        sum = products(sum, vld1q_s8(query + 64 + i), unbias(second));
    }
    return sum;
}

INLINE int32_t sum_lanes(lanes sum) {
    return vaddvq_s32(sum);
}

INLINE void sum_lanes_4(lanes a, lanes b, lanes c, lanes d, int32_t *out) {
    vst1q_s32(out, vpaddq_s32(vpaddq_s32(a, b), vpaddq_s32(c, d)));
}

#define I8_TABLE cvk_i8_neon
#define NIBBLE_TABLE cvk_nibble_neon
#include "int8_template.h"

#endif
