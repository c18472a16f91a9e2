/// What a namespace knows before its first label: a policy fitted on public data, for one embedding model.
///
///     ShippedPrior.prior(for: embedder.model.id)?.sources   // what it was fitted on; nil for other models
///
/// It is conservative: the error that it expects at a score is the worst that any of the sets showed when a model of the *other*
/// sets scored it, with an upper confidence limit, and beside it all guards keep their veto. The first fit on the namespace's
/// own labels takes its place.
public struct ShippedPrior: Hashable, Sendable {
    /// What was measured from a score on, for the worst of the sets.
    public struct Point: Hashable, Sendable {
        /// The log-odds.
        public let score: Double
        /// The share of wrong ones among answers of about this score.
        public let error: Double
        /// The wrong ones of this score or a higher one, per request; an upper limit at 95 %.
        public let errorPerRequest: Double

        /// Creates a point.
        package init(_ score: Double, _ error: Double, _ errorPerRequest: Double) {
            self.score = score
            self.error = error
            self.errorPerRequest = errorPerRequest
        }
    }

    /// The embedding model whose cosines it knows, with the digest of its weights; it is used for no other.
    public let embeddingModel: String
    /// The day it was fitted.
    public let date: String
    /// The data that it was fitted on.
    public let sources: [String]
    /// The labels that it was fitted on.
    public let labelCount: Int
    /// What the rows meant: see ``PolicyLearner/fingerprint``.
    package let fingerprint: UInt64
    package let model: LogisticModel
    /// From the surest score down.
    package let points: [Point]

    package init(
        embeddingModel: String,
        date: String,
        sources: [String],
        labelCount: Int,
        fingerprint: UInt64,
        model: LogisticModel,
        points: [Point]
    ) {
        self.embeddingModel = embeddingModel
        self.date = date
        self.sources = sources
        self.labelCount = labelCount
        self.fingerprint = fingerprint
        self.model = model
        self.points = points
    }

    /// The prior of an embedding model; nil if none ships, or if it was fitted on other features than are weighed now.
    public static func prior(for embeddingModel: String) -> ShippedPrior? {
        table.first {
            $0.embeddingModel == embeddingModel && $0.fingerprint == PolicyLearner.fingerprint(of: embeddingModel)
        }
    }

    /// The prior as a fit that keeps an error rate on each of the sets that it was fitted on.
    func fit(for settings: CalibrationSettings, brake: Double) -> CalibrationFit {
        let bound = settings.maximumErrorRate * settings.safety / brake
        let lowest = points.last { $0.errorPerRequest <= bound }
        return CalibrationFit(
            model: model,
            curve: ErrorCurve(points: points.map { ($0.score, $0.error) }),
            level: lowest?.score ?? ErrorCurve.unreachable,
            labelCount: labelCount
        )
    }
}
