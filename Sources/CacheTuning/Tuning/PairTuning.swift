/// A threshold recommended from labelled pairs, and what it did on pairs that it was not chosen on.
public struct PairTuning: Sendable {
    /// The bound asked for: wrong among accepted.
    public let maximumError: Double
    /// The pairs that the threshold was chosen on, and the others.
    public let fitCount: Int
    /// The pairs that it was measured on.
    public let heldOutCount: Int
    /// The fit pairs that the threshold accepts, and the wrong ones among them: what the bound is sure by.
    public let fitAccepted: (count: Int, wrong: Int, upperBound: Double)
    /// The threshold, or nil if no threshold surely keeps the bound on this many pairs.
    public let threshold: Float?
    /// The wrong share of accepted held-out pairs, with its interval.
    public let heldOutError: BootstrapInterval
    /// The accepted share of right held-out pairs.
    public let heldOutRecall: BootstrapInterval
    /// The sweeps over held-out pairs, without and with guards.
    public let plainSweep: ThresholdSweep
    /// The sweep with guards.
    public let guardedSweep: ThresholdSweep
    /// The held-out pairs that the recommendation gets wrong, worst first.
    public let mistakes: [ScoredPair]

    /// Chooses a threshold, with guards, on one half of the pairs and measures it on the other.
    ///
    /// Pairs with times are split by time, the earlier half against the later: a threshold is used on what comes after it.
    /// Others are split so that pairs that share a question fall into the same half: a threshold must hold for questions
    /// that it has not seen.
    ///
    /// - Throws: ``TuningError/tooFewRows(found:needed:)`` for fewer than 20 pairs.
    public init(_ metrics: PairMetrics, maximumError: Double, seed: UInt64 = 0) throws(TuningError) {
        guard metrics.pairs.count >= 20 else { throw .tooFewRows(found: metrics.pairs.count, needed: 20) }
        let halves = Self.halves(metrics.pairs, seed: seed)
        let fit = ThresholdSweep(halves.0, usesGuards: true)
        let point = fit.threshold(maximumErrorAmongAccepted: maximumError)
        let chosen = point?.threshold
        let accepts = (point?.rightAccepted ?? 0) + (point?.wrongAccepted ?? 0)
        let wrong = point?.wrongAccepted ?? 0
        fitAccepted = (accepts, wrong, ClopperPearson.upperBound(errors: wrong, count: accepts))
        self.maximumError = maximumError
        fitCount = halves.0.count
        heldOutCount = halves.1.count
        threshold = chosen
        plainSweep = ThresholdSweep(halves.1, usesGuards: false)
        guardedSweep = ThresholdSweep(halves.1, usesGuards: true)
        let level = chosen ?? 2
        func isAccepted(_ pair: ScoredPair) -> Bool { !pair.isVetoed && pair.similarity >= level }
        let accepted = halves.1.filter(isAccepted)
        heldOutError = BootstrapInterval(meanOf: accepted.map { $0.pair.isMatch ? 0 : 1 }, blockLength: 1, seed: seed)
        heldOutRecall = BootstrapInterval(
            meanOf: halves.1.filter(\.pair.isMatch).map { isAccepted($0) ? 1 : 0 },
            blockLength: 1,
            seed: seed
        )
        mistakes = accepted.filter { !$0.pair.isMatch }.sorted { $0.similarity > $1.similarity }
    }

    /// Which kind of pairs the held-out half has none of, and which it has; nil if it has both.
    ///
    /// Without both there is nothing to separate: no curve, no area under one.
    package var missingKind: (absent: String, present: String)? {
        if plainSweep.wrongCount == 0 { return ("wrong", "right") }
        return plainSweep.rightCount == 0 ? ("right", "wrong") : nil
    }

    /// Splits pairs by time, or by the connected groups of questions that they make.
    static func halves(_ pairs: [ScoredPair], seed: UInt64) -> ([ScoredPair], [ScoredPair]) {
        let times = pairs.compactMap(\.pair.time)
        if times.count == pairs.count {
            let ordered = pairs.indices.sorted { times[$0] < times[$1] }.map { pairs[$0] }
            return (Array(ordered[..<(ordered.count / 2)]), Array(ordered[(ordered.count / 2)...]))
        }
        var parents = Array(pairs.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        var owners: [String: Int] = [:]
        for (index, scored) in pairs.enumerated() {
            for text in [scored.pair.first, scored.pair.second] {
                if let owner = owners[text] { parents[root(index)] = root(owner) } else { owners[text] = index }
            }
        }
        var halves: ([ScoredPair], [ScoredPair]) = ([], [])
        for index in pairs.indices {
            var generator = SeededGenerator(seed: UInt64(root(index)) &+ seed &* 7_919)
            if generator.next() & 1 == 0 { halves.0.append(pairs[index]) } else { halves.1.append(pairs[index]) }
        }
        return halves
    }
}
