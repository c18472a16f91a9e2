/// What a flat index looks at before it looks at float32 rows.
///
/// Measured on 100,000 real questions × 384 (docs/performance/index.md):
///
/// | first pass | time, × a bare `cblas_sgemv` | bytes per entry | result |
/// |---|---|---|---|
/// | ``none`` | 0.42 | 0 | exact |
/// | ``int8`` | 0.12 | *d* + 8 | exact, by a bound on the error |
/// | ``signBits(candidates:)`` with 256 | 0.03 | *d* / 8 + 4 | approximate: recall@1 1.000 in 1,000 queries |
public enum FlatQuantization: Hashable, Sendable {
    /// Every search reads all float32 rows.
    case none
    /// Every search reads int8 codes, and the float32 rows of the few entries that can be among the nearest.
    case int8
    /// Every search reads sign bits, and the float32 rows of the `candidates` best of them.
    case signBits(candidates: Int)
}
