#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A repeatable source of random numbers: the same seed gives the same numbers on every machine.
///
///     var generator = SeededGenerator.announced(seed: 7)  // prints the seed, SEMCACHE_SEED overrides it
///     let key = Int.random(in: 0..<100, using: &generator)
///
/// xoshiro256** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47(4), 2021, doi
/// 10.1145/3460772), its state filled by SplitMix64. Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// The seed that repeats these numbers.
    public let seed: UInt64
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Creates a generator whose numbers depend on the seed alone.
    public init(seed: UInt64) {
        self.seed = seed
        var counter = seed
        func splitMix() -> UInt64 {
            counter &+= 0x9E37_79B9_7F4A_7C15
            var mixed = counter
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        state = (splitMix(), splitMix(), splitMix(), splitMix())
    }

    /// Creates a generator and prints its seed, so that a failure in a log can be repeated.
    ///
    /// The environment variable `SEMCACHE_SEED` overrides the seed.
    public static func announced(seed: UInt64, for purpose: String = #function) -> SeededGenerator {
        let override = ProcessInfo.processInfo.environment["SEMCACHE_SEED"].flatMap { UInt64($0) }
        let generator = SeededGenerator(seed: override ?? seed)
        print("seed of \(purpose): SEMCACHE_SEED=\(generator.seed)")
        return generator
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        func rotate(_ word: UInt64, by count: UInt64) -> UInt64 { word << count | word >> (64 - count) }
        let result = rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, by: 45)
        return result
    }
}
