/// What a namespace knows before its first label: a policy fitted on public data, for one embedding model each.
///
/// It is conservative. Its error curve is, at every score, the worst of the curves of the streams it was fitted on, and it
/// serves only where that curve alone, and not the average over requests, keeps the namespace's error rate. The first fit on
/// the namespace's own labels takes its place.
public struct ShippedPrior: Sendable {
    /// The embedding model whose cosines it knows; never used for another.
    public let embeddingModel: String
    /// The day it was fitted.
    public let date: String
    /// The labels that it was fitted on.
    public let labelCount: Int
    /// The features it was fitted on: ``PolicyLearner/fingerprint`` of that day.
    let fingerprint: UInt64
    let weights: [Double]
    let intercept: Double
    /// The worst curve: scores from the surest down, and the error from each score on.
    let curve: [(score: Double, error: Double)]

    /// The prior of a model; nil if none ships, or if the policy weighs other features than it was fitted on.
    public static func fitting(_ embeddingModel: String) -> ShippedPrior? {
        table.first {
            $0.embeddingModel == embeddingModel && $0.fingerprint == PolicyLearner.fingerprint(of: embeddingModel)
        }
    }

    /// The prior as a fit for an error rate.
    func fit(for settings: CalibrationSettings) -> CalibrationFit {
        let bound = settings.maximumErrorRate * settings.safety
        return CalibrationFit(
            model: LogisticModel(weights: weights, intercept: intercept),
            curve: ErrorCurve(points: curve),
            level: curve.last { $0.error <= bound }?.score ?? ErrorCurve.unreachable,
            labelCount: labelCount
        )
    }
}
