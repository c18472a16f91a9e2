import SemanticCaching
import Testing

@Suite struct SplitMix64Tests {
    /// The first numbers of the authors' C code (splitmix64.c of Vigna), begun at 1234567.
    @Test func drawsTheNumbersOfTheReferenceCode() {
        var generator = SplitMix64(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.indices.map { _ in generator.next() } == expected)
    }

    /// The circle of states gives each number once, so that a number drawn twice is a stretch of it walked twice.
    @Test func neighboursNeverDrawTheSameNumbers() {
        let step: UInt64 = 0x9e37_79b9_7f4a_7c15
        let near = (0..<64 as Range<UInt64>).flatMap { [$0, $0 &* step] }
        let seeds = Set(near).flatMap { seed in (0..<8 as Range<UInt64>).map { (seed, stream: $0) } }
        var drawn: Set<UInt64> = []
        for (seed, stream) in seeds {
            var generator = SplitMix64(seed: seed, stream: stream)
            for _ in 0..<100 { drawn.insert(generator.next()) }
        }
        #expect(drawn.count == seeds.count * 100)
    }

    @Test func aSeedRepeatsItsNumbersFromZeroToOne() {
        var (first, second) = (SplitMix64(seed: 5), SplitMix64(seed: 5))
        let numbers = (0..<1_000).map { _ in first.nextUnit() }
        #expect(numbers == (0..<1_000).map { _ in second.nextUnit() })
        #expect(numbers.allSatisfy { (0..<1).contains($0) })
        #expect(abs(numbers.reduce(0, +) / 1_000 - 0.5) < 0.05)
    }
}
