/// Precision and recall of every threshold on labelled pairs.
public struct ThresholdSweep: Sendable {
    /// What one threshold does.
    public struct Point: Hashable, Sendable {
        /// The cosine from which pairs are accepted.
        public let threshold: Float
        /// Right pairs accepted.
        public let rightAccepted: Int
        /// Wrong pairs accepted.
        public let wrongAccepted: Int

        /// Pairs accepted, right or wrong.
        var accepted: Int { rightAccepted + wrongAccepted }

        /// Right among accepted; 1 when none is.
        public var precision: Double {
            accepted == 0 ? 1 : Double(rightAccepted) / Double(accepted)
        }
    }

    /// One point for each distinct similarity, strictest first.
    public let points: [Point]
    /// The right pairs.
    public let rightCount: Int
    /// The wrong pairs.
    public let wrongCount: Int

    /// Sweeps the threshold over scored pairs; with guards, vetoed pairs are never accepted.
    ///
    /// - Complexity: O(*n* log *n*).
    public init(_ pairs: [ScoredPair], usesGuards: Bool) {
        rightCount = pairs.count(where: \.pair.isMatch)
        wrongCount = pairs.count - rightCount
        var points: [Point] = []
        var right = 0
        var wrong = 0
        let accepted = pairs.filter { !usesGuards || !$0.isVetoed }.sorted { $0.similarity > $1.similarity }
        for (index, scored) in accepted.enumerated() {
            if scored.pair.isMatch { right += 1 } else { wrong += 1 }
            if index + 1 < accepted.count, accepted[index + 1].similarity == scored.similarity { continue }
            points.append(Point(threshold: scored.similarity, rightAccepted: right, wrongAccepted: wrong))
        }
        self.points = points
    }

    /// Right accepted among all right pairs.
    public func recall(_ point: Point) -> Double {
        rightCount == 0 ? 0 : Double(point.rightAccepted) / Double(rightCount)
    }

    /// Wrong accepted among all wrong pairs.
    public func falsePositiveRate(_ point: Point) -> Double {
        wrongCount == 0 ? 0 : Double(point.wrongAccepted) / Double(wrongCount)
    }

    /// The area under the receiver operating characteristic, vetoed pairs counted as least similar.
    public var areaUnderCurve: Double {
        var area = 0.0
        var last = (x: 0.0, y: 0.0)
        for point in points {
            let next = (x: falsePositiveRate(point), y: recall(point))
            area += (next.x - last.x) * (next.y + last.y) / 2
            last = next
        }
        return area + (1 - last.x) * (1 + last.y) / 2
    }

    /// The most permissive threshold of which the wrong share of accepted pairs is surely within a bound.
    ///
    /// "Surely": of draws of pairs with no threshold within the bound, at most 5 % give one. Exact binomial tests in fixed
    /// sequences from strict to lax (`FixedSequences`), so that few pairs give a strict threshold; nil if none is sure.
    ///
    /// - Returns: the threshold, with the risk that its own test took.
    /// - Complexity: O(*n* √*n*) for *n* pairs.
    func sureThreshold(maximumErrorAmongAccepted bound: Double) -> (point: Point, risk: Double)? {
        let sequences = FixedSequences(pairs: points.last?.accepted ?? 0, bound: bound)
        var starts = sequences.starts[...]
        var last: Point?
        // Sequences that run at the same time make the same tests: one flag tells whether any of them runs.
        var isRunning = false
        for point in points {
            while let start = starts.first, start <= point.accepted {
                starts.removeFirst()
                isRunning = true
            }
            guard isRunning else { continue }
            isRunning = ClopperPearson.isSure(
                errors: point.wrongAccepted,
                count: point.accepted,
                bound: bound,
                risk: sequences.risk
            )
            if isRunning { last = point } else if starts.isEmpty { break }
        }
        return last.map { ($0, sequences.risk) }
    }
}
