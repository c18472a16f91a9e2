/// Labels of several sets, from which a prior for sets that nobody has seen is fitted.
///
///     let prior = PriorProblem(sets: ["a": rowsOfA, "b": rowsOfB], embeddingModel: model.id).fitted(on: "2026-11-21")
///
/// How sure the prior may be is measured across sets: each is scored by a model of the others, and the worst of them counts.
package struct PriorProblem: Sendable {
    /// A request's chosen candidate, and whether its answer was right.
    package typealias Row = (features: [Float], isRight: Bool)

    private let sets: [(name: String, rows: [Row])]
    private let embeddingModel: String
    private let ridge: Double

    /// Creates the problem.
    package init(sets: [String: [Row]], embeddingModel: String, ridge: Double = 1) {
        self.sets = sets.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.embeddingModel = embeddingModel
        self.ridge = ridge
    }

    /// Fits the prior; of a single set, which is then scored by its own model.
    ///
    /// - Parameters:
    ///   - date: The day, as it is shown.
    ///   - upperLimit: The upper confidence limit of a rate of which so many of so many were seen.
    /// - Complexity: a logistic regression for each set, and one of all.
    package func fitted(on date: String, upperLimit: (_ wrong: Int, _ count: Int) -> Double) -> ShippedPrior {
        let scored = sets.map { set in
            let others = sets.filter { $0.name != set.name }
            let model = model(of: (others.isEmpty ? sets : others).map(\.rows))
            return set.rows.map { (score: model.score($0.features), isRight: $0.isRight) }
        }
        return ShippedPrior(
            embeddingModel: embeddingModel,
            date: date,
            sources: sets.map(\.name),
            labelCount: sets.reduce(0) { $0 + $1.rows.count },
            fingerprint: PolicyLearner.fingerprint(of: embeddingModel),
            model: model(of: sets.map(\.rows)),
            points: Self.points(of: scored, upperLimit)
        )
    }

    private func model(of sets: [[Row]]) -> LogisticModel {
        let rows = sets.flatMap(\.self)
        return LogisticProblem(
            rows: rows.flatMap(\.features),
            targets: rows.map { $0.isRight ? 1 : 0 },
            indices: Array(rows.indices),
            width: PolicyFeature.count,
            ridge: ridge,
            signs: PolicyFeature.allCases.map { $0.monotoneSign != 0 ? $0.monotoneSign : $0.speaksAgainst ? -1 : 0 }
        ).fit(from: LogisticModel(weights: Array(repeating: 0, count: PolicyFeature.count), intercept: 0))
    }

    /// The worst of the sets at scores from the surest down, in steps of a quarter.
    private static func points(
        of sets: [[(score: Double, isRight: Bool)]],
        _ upperLimit: (Int, Int) -> Double
    ) -> [ShippedPrior.Point] {
        let curves = sets.map { set in
            ErrorCurve(
                scores: set.map(\.score),
                wrong: set.map { $0.isRight ? 0 : 1 },
                labelVariance: 0,
                pseudoRows: 30
            )
        }
        var worst = 0.0
        return stride(from: 8, through: -2, by: -0.25).compactMap { score in
            var error = 0.0
            var perRequest = 0.0
            for (set, curve) in zip(sets, curves) {
                let served = set.filter { $0.score >= score }
                let wrong = served.count { !$0.isRight }
                guard !served.isEmpty else { continue }
                error = max(error, curve.error(at: score))
                perRequest = max(perRequest, upperLimit(wrong, set.count))
            }
            guard error > 0 else { return nil }
            worst = max(worst, error)
            return ShippedPrior.Point(score, worst, perRequest)
        }
    }
}
