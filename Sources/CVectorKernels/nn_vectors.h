// Vectors of LANES floats and functions of each of them: the first half of nn_template.h, which alone includes this.

// MARK: Vectors

INLINE vf load(const float *p) {
    vf v;
    memcpy(&v, p, sizeof v);
    return v;
}

INLINE void store(float *p, vf v) {
    memcpy(p, &v, sizeof v);
}

// Loads `count` < LANES floats; the other lanes hold `fill`.
INLINE vf load_part(const float *p, size_t count, float fill) {
    float lanes[LANES];
    for (size_t i = 0; i < LANES; i++) {
        lanes[i] = i < count ? p[i] : fill;
    }
    return load(lanes);
}

INLINE void store_part(float *p, vf v, size_t count) {
    float lanes[LANES];
    store(lanes, v);
    for (size_t i = 0; i < count; i++) {
        p[i] = lanes[i];
    }
}

// Subtracting 0 is exact for every x (adding it would turn −0 into 0), so that the compiler leaves only a broadcast.
INLINE vf splat(float x) {
    return x - (vf){0};
}

INLINE vf vmax(vf a, vf b) {
    return __builtin_elementwise_max(a, b);
}

INLINE vf vmin(vf a, vf b) {
    return __builtin_elementwise_min(a, b);
}

INLINE float sum_lanes(vf v) {
    float lanes[LANES];
    store(lanes, v);
    for (size_t width = LANES / 2; width > 0; width /= 2) {
        for (size_t i = 0; i < width; i++) {
            lanes[i] += lanes[i + width];
        }
    }
    return lanes[0];
}

INLINE float max_lanes(vf v) {
    float lanes[LANES];
    store(lanes, v);
    float best = lanes[0];
    for (size_t i = 1; i < LANES; i++) {
        best = lanes[i] > best ? lanes[i] : best;
    }
    return best;
}

// Widens LANES half floats.
INLINE vf load_half(const uint16_t *p) {
#if HAS_HALF
    typedef _Float16 vf16 __attribute__((vector_size(LANES * 2)));
    vf16 half;
    memcpy(&half, p, sizeof half);
    return __builtin_convertvector(half, vf);
#else
    // Shift exponent and fraction into place, then let a multiplication by 2^112 rebias (subnormals included).
    vh half;
    memcpy(&half, p, sizeof half);
    vi bits = __builtin_convertvector(half, vi);
    vf magnitude = (vf)((bits & 0x7fff) << 13) * splat(0x1p112f);
    return (vf)((vi)magnitude | (bits & 0x8000) << 16);
#endif
}

// MARK: Functions of one variable

// e^x for x ≤ 0: 2^n e^r with |r| ≤ ln 2 / 2 and a polynomial of degree 6 for e^r; relative error below 2e-7.
INLINE vf exp_negative(vf x) {
    x = vmax(x, splat(-87.0f));
    const float round_bias = 12582912.0f;  // 1.5 · 2^23: adding it rounds to an integer in the low bits
    vf shifted = x * splat(1.44269504f) + splat(round_bias);
    vf n = shifted - splat(round_bias);
    vf r = x - n * splat(0.693359375f);
    r = r - n * splat(-2.12194440e-4f);
    vf p = splat(1.0f / 720.0f);
    p = p * r + splat(1.0f / 120.0f);
    p = p * r + splat(1.0f / 24.0f);
    p = p * r + splat(1.0f / 6.0f);
    p = p * r + splat(0.5f);
    p = p * r + splat(1.0f);
    p = p * r + splat(1.0f);
    return (vf)((vi)p + ((vi)shifted << 23));
}

// x Φ(x). Φ(x) − ½ = x · P(x²) / Q(x²), a rational fitted for |x| ≤ 5.4 (weighted minimax, error 1.3e-9 before
// rounding); beyond, Φ is 0 or 1 in single precision.
INLINE vf gelu(vf x) {
    vf c = vmin(vmax(x, splat(-5.4f)), splat(5.4f));
    vf t = c * c;
    vf p = splat(-0x1.547f7ep-34f);
    p = p * t + splat(0x1.cd3386p-25f);
    p = p * t + splat(0x1.1d4942p-17f);
    p = p * t + splat(0x1.613daap-13f);
    p = p * t + splat(0x1.3a7118p-8f);
    p = p * t + splat(0x1.0a369ep-5f);
    p = p * t + splat(0x1.988454p-2f);
    vf q = splat(2.0232694e-06f);
    q = q * t + splat(8.165362e-05f);
    q = q * t + splat(0.0019257804f);
    q = q * t + splat(0.028380366f);
    q = q * t + splat(0.2481242f);
    q = q * t + splat(1.0f);
    return x * (splat(0.5f) + c * (p / q));
}

INLINE vf rectified(vf x) {
    return vmax(x, splat(0.0f));
}

// (1 − e^(−2|x|)) / (1 + e^(−2|x|)) with the sign of x; the subtraction costs accuracy near 0 that a pooler's
// output, of the order of 1, does not show (absolute error below 2e-7).
INLINE vf hyperbolic_tangent(vf x) {
    vi sign = (vi)x & (vi)splat(-0.0f);
    vf magnitude = (vf)((vi)x ^ sign);
    vf e = exp_negative(magnitude * splat(-2.0f));
    vf result = (splat(1.0f) - e) / (splat(1.0f) + e);
    return (vf)((vi)result | sign);
}

static void activate(float *x, size_t count, cvk_nn_activation activation) {
#define EACH(function)                                                        \
    do {                                                                      \
        size_t i = 0;                                                         \
        for (; i + LANES <= count; i += LANES) {                              \
            store(x + i, function(load(x + i)));                              \
        }                                                                     \
        if (i < count) {                                                      \
            vf rest = load_part(x + i, count - i, 0.0f);                      \
            store_part(x + i, function(rest), count - i);                     \
        }                                                                     \
    } while (0)
    switch (activation) {
    case CVK_NN_GELU:
        EACH(gelu);
        break;
    case CVK_NN_RELU:
        EACH(rectified);
        break;
    case CVK_NN_TANH:
        EACH(hyperbolic_tangent);
        break;
    default:
        break;
    }
#undef EACH
}
