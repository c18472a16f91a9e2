public import SemanticCaching

/// A labelled pair with everything that is measured of it.
public struct ScoredPair: Sendable {
    /// The pair.
    public let pair: LabelledPair
    /// The cosine.
    public let similarity: Float
    /// What the guards found.
    public let findings: [GuardFinding]

    /// Whether a guard forbids it.
    public var isVetoed: Bool { findings.contains(where: \.isVeto) }
}

/// How thresholds and guards do on labelled pairs.
public struct PairMetrics: Sendable {
    /// The pairs.
    public let pairs: [ScoredPair]

    /// Measures pairs, whose vectors lie two by two in the table.
    ///
    /// - Throws: ``TuningError/mismatchedVectors(expected:found:)``.
    public init(
        _ pairs: [LabelledPair],
        vectors: EmbeddingTable,
        guards: GuardSettings = GuardSettings()
    ) throws(TuningError) {
        guard vectors.count == pairs.count * 2 else {
            throw .mismatchedVectors(expected: pairs.count * 2, found: vectors.count)
        }
        self.pairs = pairs.enumerated().map { index, pair in
            ScoredPair(
                pair: pair,
                similarity: vectors.cosine(2 * index, 2 * index + 1),
                findings: PairGuards.findings(
                    asked: AnalyzedText(pair.first),
                    stored: AnalyzedText(pair.second),
                    settings: guards
                )
            )
        }
    }

    /// Right and wrong pairs at a threshold, with and without guards.
    public struct Counts: Hashable, Sendable {
        /// Wrong pairs above the threshold.
        public var wrong = 0
        /// Wrong pairs that the guards let through.
        public var wrongAccepted = 0
        /// Right pairs above the threshold.
        public var right = 0
        /// Right pairs that the guards let through.
        public var rightAccepted = 0

        /// Creates counts of no pairs.
        public init() {}
    }

    /// The counts at a threshold, by category.
    public func counts(threshold: Float) -> [String: Counts] {
        var counts: [String: Counts] = [:]
        for scored in pairs where scored.similarity >= threshold {
            var entry = counts[scored.pair.category ?? "all"] ?? Counts()
            if scored.pair.isMatch {
                entry.right += 1
                if !scored.isVetoed { entry.rightAccepted += 1 }
            } else {
                entry.wrong += 1
                if !scored.isVetoed { entry.wrongAccepted += 1 }
            }
            counts[scored.pair.category ?? "all"] = entry
        }
        return counts
    }

    /// The highest threshold at which a share of the right pairs still passes.
    public func threshold(keeping share: Double) -> Float {
        let similarities = pairs.filter(\.pair.isMatch).map(\.similarity).sorted(by: >)
        guard !similarities.isEmpty else { return 1 }
        return similarities[
            min(similarities.count - 1, max(0, Int((Double(similarities.count) * share).rounded(.up)) - 1))
        ]
    }

    /// For each guard, the wrong pairs that it stops and the right ones that it loses, above a threshold.
    public func stopped(threshold: Float) -> [(guardName: String, wrong: Int, right: Int)] {
        var stopped: [String: (wrong: Int, right: Int)] = [:]
        for scored in pairs where scored.similarity >= threshold {
            for finding in scored.findings where finding.isVeto {
                if scored.pair.isMatch {
                    stopped[finding.guardName, default: (0, 0)].right += 1
                } else {
                    stopped[finding.guardName, default: (0, 0)].wrong += 1
                }
            }
        }
        return GuardSet.named.compactMap { name, _ in stopped[name].map { (name, $0.wrong, $0.right) } }
    }
}
