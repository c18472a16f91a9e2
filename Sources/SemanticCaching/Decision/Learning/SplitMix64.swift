/// A repeatable source of random numbers: small, fast, the same on every platform, and not for secrets.
///
///     var generator = SplitMix64(seed: 7)
///     let order = rows.shuffled(using: &generator)
///
/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, doi 10.1145/2660193.2660195.
package struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    /// The golden ratio in 64 bits: what a state and the next one are apart.
    private static let step: UInt64 = 0x9e37_79b9_7f4a_7c15
    private var state: UInt64

    /// Creates the generator of a stream of a seed.
    ///
    /// All generators walk the same circle of states. Seed and stream are mixed into a place on it, so that those of
    /// neighbours are far apart, and none draws what another one has drawn, shifted.
    package init(seed: UInt64, stream: UInt64 = 0) {
        state = Self.mixed(Self.mixed(seed &+ Self.step) &+ stream)
    }

    /// Creates the generator that goes on from a state, for numbers that must stay what they were.
    package init(state: UInt64) { self.state = state }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mixed(state)
    }

    /// A number in [0, 1).
    package mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
