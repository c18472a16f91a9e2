/// How a namespace learns which hits are right.
public struct CalibrationSettings: Hashable, Sendable, Codable {
    /// The wrong answers that are accepted, per request.
    public var maximumErrorRate: Double
    /// Whether the rate is counted per hit instead of per request; then only equal words are served before the first fit.
    public var countsErrorsPerHit = false
    /// The part of the rate that is aimed at: 0.7 kept the promise in 59 of 60 simulated runs, 1 in 51.
    public var safety = 0.7
    /// The standard errors that are added to the estimate.
    public var standardErrors = 1.0
    /// The share of would-be hits whose answer is asked of the model all the same.
    public var auditShare = 0.03
    /// The same before the first fit.
    public var coldAuditShare = 0.2
    /// The labels before the first fit; until then threshold and guards decide.
    public var labelsBeforeFit = 200
    /// The new labels before the next fit.
    public var labelsBetweenFits = 50
    /// The requests before the next fit, if there are fewer new labels.
    public var requestsBetweenFits = 500
    /// The labels and requests that are remembered.
    public var window = 4000
    /// The candidates that are weighed.
    public var candidateLimit = 5
    /// The strength of the penalty on weights.
    public var ridge = 1.0
    /// The weight of the model's estimate in each block of the error curve, in rows.
    public var pseudoRows = 30.0
    /// The guards that look.
    public var guards = GuardSettings()
    /// The guards that still forbid once there is a fit; the others then only weigh.
    public var vetoesBesideFit: GuardSet = [.identifiers]
    /// The seed of the audits.
    public var seed: UInt64 = 0
    /// The labels with which nothing is left of the pull towards the prior's or the parent's weights.
    ///
    /// Not kept with what was learned, nor is the next one: both are constants that only measurements change (docs/QUALITY.md, "Sensitivity").
    package var labelsWithAnchor = 1200.0
    /// How many times wider the margin is where the rate is one of hits.
    package var hitMarginFactor = 3.0

    /// Creates settings for an accepted error rate.
    public init(maximumErrorRate: Double = 0.01) { self.maximumErrorRate = maximumErrorRate }

    /// Whether a policy can be made of them: what was stored may be damaged.
    var isSound: Bool {
        let rates = [maximumErrorRate, safety, standardErrors, auditShare, coldAuditShare, ridge, pseudoRows]
        let counts = [labelsBeforeFit, labelsBetweenFits, requestsBetweenFits, window, candidateLimit]
        return rates.allSatisfy { $0.isFinite && $0 >= 0 } && counts.allSatisfy { (0...Int(Int32.max)).contains($0) }
    }

    private enum CodingKeys: CodingKey {
        case maximumErrorRate, countsErrorsPerHit, safety, standardErrors, auditShare, coldAuditShare, labelsBeforeFit
        case labelsBetweenFits, requestsBetweenFits, window, candidateLimit, ridge, pseudoRows, guards, vetoesBesideFit,
            seed
    }
}
