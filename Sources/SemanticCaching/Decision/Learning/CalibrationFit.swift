/// What one fit learned: the model, the curve of its errors, and the level from which it serves.
public struct CalibrationFit: Hashable, Sendable, Codable {
    /// The weights.
    public let model: LogisticModel
    /// The error by score.
    public let curve: ErrorCurve
    /// The log-odds from which a hit is served; beyond reach if nothing is sure enough.
    public var level: Double
    /// The labels it was fitted on.
    public let labelCount: Int

    /// Whether it can score any row: what was stored may be damaged.
    var isSound: Bool { model.isSound && curve.isSound && level.isFinite && labelCount >= 0 }

    /// The probability that a hit must reach.
    public var requiredProbability: Double { LogisticModel.probability(level) }
}

/// The rows that a fit is made of: a value, so that the fit can be made off the path.
public struct CalibrationProblem: Sendable {
    let settings: CalibrationSettings
    let rows: [Float]
    let isRight: [Bool]
    let requestRows: [Float]
    let requestWasServed: [Bool]
    let reliability: JudgeReliability
    let brake: Double
    /// How many labels and requests had come.
    let labelCount: Int
    let requestCount: Int
    let start: LogisticModel?
    let anchor: LogisticModel?

    private static let width = PolicyFeature.count

    /// The labels, each with its features.
    package var labels: [(features: [Float], isRight: Bool)] {
        isRight.indices.map { (Array(rows[$0 * Self.width..<($0 + 1) * Self.width]), isRight[$0]) }
    }

    /// Fits the model and finds the level.
    ///
    /// The curve is made of cross-fitted scores: each half of the labels is scored by a model of the other half, so that
    /// calibration never sees a row that its model was fitted on.
    ///
    /// - Complexity: three logistic regressions of at most `window` rows, some ten milliseconds.
    public func fitted() -> CalibrationFit {
        let width = Self.width
        let count = isRight.count
        let (a, b) = (reliability.falseWrong, reliability.falseRight)
        let scale = 1 - a - b
        let wrong = isRight.map { (($0 ? 0 : 1) - a) / scale }
        let zero = LogisticModel(weights: Array(repeating: 0, count: width), intercept: 0)
        func fit(_ indices: [Int], from start: LogisticModel) -> LogisticModel {
            LogisticProblem(
                rows: rows,
                targets: wrong.map { 1 - $0 },
                indices: indices,
                width: width,
                ridge: settings.ridge,
                signs: PolicyFeature.allCases.map(\.monotoneSign),
                anchor: anchor
            ).fit(from: start)
        }
        let model = fit(Array(0..<count), from: start ?? anchor ?? zero)
        let halves = (0..<2).map { half in fit(stride(from: 1 - half, to: count, by: 2).map { $0 }, from: model) }
        let scores = (0..<count).map { halves[$0 % 2].score(Array(rows[$0 * width..<($0 + 1) * width])) }
        let curve = ErrorCurve(
            scores: scores,
            wrong: wrong,
            labelVariance: (a * (1 - a)) / (scale * scale),
            pseudoRows: settings.pseudoRows
        )
        let requests = (0..<requestRows.count / width).map {
            model.score(Array(requestRows[$0 * width..<($0 + 1) * width]))
        }
        let level = curve.level(for: requests, served: requestWasServed, settings, brake: brake)
        return CalibrationFit(model: model, curve: curve, level: level, labelCount: count)
    }
}

extension ErrorCurve {
    /// The level that keeps the error rate of some settings over recent requests.
    func level(for requests: [Double], served: [Bool], _ settings: CalibrationSettings, brake: Double) -> Double {
        let budget = settings.maximumErrorRate * settings.safety / brake
        guard settings.countsErrorsPerHit else {
            return level(for: requests, budget: budget, standardErrors: settings.standardErrors)
        }
        return level(
            forHitsOf: requests,
            hits: zip(requests, served).filter(\.1).map(\.0),
            horizon: settings.requestsBetweenFits,
            budget: budget,
            standardErrors: settings.hitMarginFactor * settings.standardErrors
        )
    }
}
