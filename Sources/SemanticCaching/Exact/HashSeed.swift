/// The secret half of a hash function: without it nobody can prepare keys that fall into one place.
///
/// The keys of a cache are digests that anyone can compute, so an attacker could search for requests whose digests
/// share the bits that a table looks at. Each table mixes them with random words of its own first.
package struct HashSeed: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64

    /// Draws a seed.
    package init(using generator: inout some RandomNumberGenerator) {
        first = generator.next()
        second = generator.next()
    }

    /// Draws a seed that cannot be guessed.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// Spreads 128 bits over 64: the folded product of the words, each masked by the seed.
    package func hash(_ high: UInt64, _ low: UInt64) -> UInt64 {
        let product = (high ^ first).multipliedFullWidth(by: low ^ second)
        // The second fold lets the low bits, which choose the place, depend on every bit of the product.
        let folded = product.high ^ product.low
        return folded ^ (folded >> 32)
    }
}
