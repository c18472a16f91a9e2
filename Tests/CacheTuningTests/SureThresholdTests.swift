import SemanticCaching
import Testing

@testable import CacheTuning

/// What "surely within the bound" is worth.
@Suite struct SureThresholdTests {
    /// Pairs in falling order of similarity, of which the given ones are wrong.
    private func sweep(count: Int, isWrong: (Int) -> Bool) -> ThresholdSweep {
        let pairs = (0..<count).map { index in
            ScoredPair(
                pair: LabelledPair("a", "b", isMatch: !isWrong(index)),
                similarity: 1 - Float(index) / Float(count),
                findings: []
            )
        }
        return ThresholdSweep(pairs, usesGuards: false)
    }

    /// No threshold is within the bound, by a hair: at most one draw in twenty may find one.
    @Test func theBestOfManyThresholdsIsNotSureByLuck() {
        let runs = 600
        var generator = SplitMix64(seed: 21)
        let declared = (0..<runs).count { _ in
            let sweep = sweep(count: 400) { _ in generator.nextUnit() < 0.0501 }
            return sweep.sureThreshold(maximumErrorAmongAccepted: 0.05) != nil
        }
        #expect(Double(declared) / Double(runs) <= 0.06, "\(declared) of \(runs)")
    }

    /// A mistake among the strictest pairs ends the sequence that it falls into, and not those that begin later.
    @Test func aMistakeAtTheTopIsNotTheEnd() throws {
        let point = try #require(
            sweep(count: 1000) { $0 == 3 || $0 >= 600 }.sureThreshold(maximumErrorAmongAccepted: 0.05)?.point
        )
        #expect(point.rightAccepted == 599)
        #expect((1...30).contains(point.wrongAccepted), "\(point.wrongAccepted)")
    }

    @Test func sequencesShareTheRisk() {
        #expect(FixedSequences(pairs: 58, bound: 0.05).starts.isEmpty)
        #expect(FixedSequences(pairs: 59, bound: 0.05) == FixedSequences(pairs: 100, bound: 0.05))
        let many = FixedSequences(pairs: 1000, bound: 0.05)
        #expect(many.starts == [94, 141, 212, 318, 476, 714])
        #expect(abs(many.risk * Double(many.starts.count) - 0.05) < 1e-12)
        #expect(FixedSequences(pairs: 1_000_000, bound: 0).starts.isEmpty)
        #expect(FixedSequences(pairs: 10, bound: 1).starts.first == 1)
    }

    /// One look at each point, in the root of its pairs: bisections over all mistakes took minutes.
    @Test func manyPairsAreSweptAtOnce() throws {
        var generator = SplitMix64(seed: 11)
        let sweep = sweep(count: 40_000) { _ in generator.nextUnit() < 0.03 }
        let point = try #require(sweep.sureThreshold(maximumErrorAmongAccepted: 0.05)?.point)
        #expect(point.accepted == 40_000)
    }

    /// The sum from the largest term on is the sum of all terms.
    @Test(arguments: [(0, 59, 0.05), (3, 60, 0.1), (40, 60, 0.5), (59, 60, 0.9), (7, 1000, 0.02), (30, 1000, 0.02)])
    func oneLookSaysWhatTheBoundSays(errors: Int, count: Int, rate: Double) {
        var probability = 0.0
        for k in 0...errors {
            var term = 1.0
            for step in 0..<k { term *= Double(count - step) / Double(k - step) * rate }
            for _ in k..<count { term *= 1 - rate }
            probability += term
        }
        for factor in [0.99, 1.01] {
            let upper = ClopperPearson.upperBound(errors: errors, count: count, confidence: 1 - probability * factor)
            #expect((upper < rate) == (factor > 1), "\(upper) for \(rate)")
        }
        let bound = ClopperPearson.upperBound(errors: errors, count: count)
        #expect(ClopperPearson.isSure(errors: errors, count: count, bound: bound * 1.001, risk: 0.05))
        #expect(!ClopperPearson.isSure(errors: errors, count: count, bound: bound * 0.999, risk: 0.05))
    }
}
