import SemanticCachingTesting

/// Makes inputs that are nearly right out of seeds: a small stand-in for libFuzzer, without its eye for new paths.
struct InputMutator {
    let seeds: [[UInt8]]

    private static let pieces =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\r\n", "\0", "0", "-1", "1e400", "9223372036854775807",
            "null",
            "true", "data: ", "event: ", "é", "\u{2028}", "\u{FEFF}", "(?i)", "{1000}", "()", "*", "%",
        ].map { Array($0.utf8) } + [[0xFF], [0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]]

    /// An input: a seed with up to six changes.
    func next(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = seeds.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &generator) { change(&bytes, using: &generator) }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 0...16, using: &generator))
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
        case 1: if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &generator) }
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: place)
        case 4:
            bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
        case 5: bytes.removeSubrange(place...)
        default:
            // The beginning of one seed and the end of another.
            let other = seeds.randomElement(using: &generator) ?? []
            bytes.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &generator)...])
        }
    }
}
