/// SplitMix64: small, seedable, the same on every platform.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A value of roughly normal distribution (the sum of four uniform ones).
    mutating func normal() -> Float {
        (0..<4).reduce(0) { sum, _ in sum + Float.random(in: -1...1, using: &self) }
    }

    /// A direction drawn evenly, at unit length.
    mutating func unitVector(_ dimension: Int) -> [Float] {
        while true {
            let vector = (0..<dimension).map { _ in normal() }
            let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            if length > 1e-6 { return vector.map { Float(Double($0) / length) } }
        }
    }
}
