/// A threshold recommended from labelled pairs, and what it did on pairs that it was not chosen on.
public struct PairTuning: Sendable {
    /// The bound asked for: wrong among accepted.
    public let maximumError: Double
    /// The pairs that the threshold was chosen on.
    public let fitCount: Int
    /// The pairs that it was measured on.
    public let heldOutCount: Int
    /// The fit pairs that the threshold accepts, the wrong ones among them, and the share of wrong ones that is surely not
    /// exceeded, at 95 % for all thresholds that were tried: what the bound is sure by.
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
    /// - Throws: ``TuningError/tooFewRows(found:needed:)`` for fewer than 20 pairs, ``TuningError/inseparable(smallerHalf:needed:)``
    ///   for fewer than 10 in one half, as when all of them share questions.
    public init(_ metrics: PairMetrics, maximumError: Double, seed: UInt64 = 0) throws(TuningError) {
        guard metrics.pairs.count >= 20 else { throw .tooFewRows(found: metrics.pairs.count, needed: 20) }
        let split = try PairSplit(metrics.pairs, atLeast: 10, seed: seed)
        let sure = ThresholdSweep(split.fit.map(\.pair), usesGuards: true)
            .sureThreshold(maximumErrorAmongAccepted: maximumError)
        let chosen = sure?.point.threshold
        let (accepts, wrong) = (sure?.point.accepted ?? 0, sure?.point.wrongAccepted ?? 0)
        let confidence = 1 - (sure?.risk ?? 0.05)
        fitAccepted = (
            accepts, wrong, ClopperPearson.upperBound(errors: wrong, count: accepts, confidence: confidence)
        )
        self.maximumError = maximumError
        fitCount = split.fit.count
        heldOutCount = split.heldOut.count
        threshold = chosen
        plainSweep = ThresholdSweep(split.heldOut.map(\.pair), usesGuards: false)
        guardedSweep = ThresholdSweep(split.heldOut.map(\.pair), usesGuards: true)
        let level = chosen ?? 2
        func isAccepted(_ pair: ScoredPair) -> Bool { !pair.isVetoed && pair.similarity >= level }
        let accepted = split.heldOut.filter { isAccepted($0.pair) }
        heldOutError = BootstrapInterval(
            meanOf: accepted.map { $0.pair.pair.isMatch ? 0 : 1 },
            groups: accepted.map(\.group),
            seed: seed
        )
        let right = split.heldOut.filter(\.pair.pair.isMatch)
        heldOutRecall = BootstrapInterval(
            meanOf: right.map { isAccepted($0.pair) ? 1 : 0 },
            groups: right.map(\.group),
            seed: seed
        )
        mistakes = accepted.map(\.pair).filter { !$0.pair.isMatch }.sorted { $0.similarity > $1.similarity }
    }

    /// Which kind of pairs the held-out half has none of, and which it has; nil if it has both.
    ///
    /// Without both there is nothing to separate: no curve, no area under one.
    package var missingKind: (absent: String, present: String)? {
        if plainSweep.wrongCount == 0 { return ("wrong", "right") }
        return plainSweep.rightCount == 0 ? ("right", "wrong") : nil
    }
}
