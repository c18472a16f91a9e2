/// Why a lookup ended as it did; the same word in code, JSON, headers and the log.
public struct VerdictReason: RawRepresentable, Hashable, Sendable {
    /// The word.
    public let rawValue: String
    /// Creates a reason from its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The same request was answered before.
    public static let exactMatch = VerdictReason(rawValue: "exact-match")
    /// A question of the same meaning was answered before.
    public static let semanticMatch = VerdictReason(rawValue: "semantic-match")
    /// The same request was under way already.
    public static let coalesced = VerdictReason(rawValue: "coalesced")
    /// The namespace has no question to compare with.
    public static let noCandidates = VerdictReason(rawValue: "no-candidates")
    /// The nearest question is not similar enough.
    public static let belowThreshold = VerdictReason(rawValue: "below-threshold")
    /// A guard found a difference that needs another answer.
    public static let guardVeto = VerdictReason(rawValue: "guard-veto")
    /// The calibrated model is not sure enough.
    public static let belowProbability = VerdictReason(rawValue: "below-probability")
    /// The verifier said no.
    public static let notVerified = VerdictReason(rawValue: "not-verified")
    /// The verifier failed or was too slow.
    public static let verifierUnavailable = VerdictReason(rawValue: "verifier-unavailable")
    /// The policy is not sure, and the verifier is asked while the model answers.
    public static let verificationPending = VerdictReason(rawValue: "verification-pending")
    /// Some of the question is unknown to the embedding model, and the stored one reads otherwise.
    public static let unknownToModel = VerdictReason(rawValue: "unknown-to-model")
    /// The match is older than the request accepts, or not fresh any more.
    public static let tooOld = VerdictReason(rawValue: "too-old")
    /// The match is not fresh, but may be served while it is refreshed or while the model cannot answer.
    public static let stale = VerdictReason(rawValue: "stale")
    /// The request asked not to be answered from the cache.
    public static let noCache = VerdictReason(rawValue: "no-cache")
    /// The temperature asks for variety.
    public static let temperature = VerdictReason(rawValue: "temperature")
    /// The namespace or the request allows word-for-word matches only.
    public static let exactOnly = VerdictReason(rawValue: "exact-only")
    /// The last message is not a user's text.
    public static let notAQuestion = VerdictReason(rawValue: "not-a-question")
    /// The question is shorter than the namespace matches in meaning.
    public static let tooShort = VerdictReason(rawValue: "too-short")
    /// The question is longer than its vector or the guards can speak for.
    public static let tooLong = VerdictReason(rawValue: "too-long")
    /// The request is larger than the cache looks at.
    public static let tooLarge = VerdictReason(rawValue: "too-large")
    /// The embedder failed or was too slow.
    public static let embedderUnavailable = VerdictReason(rawValue: "embedder-unavailable")
    /// The store failed or was too slow.
    public static let storeUnavailable = VerdictReason(rawValue: "store-unavailable")
    /// What other replicas removed is not known here well enough for a namespace that is strict about it.
    public static let sharedTierBehind = VerdictReason(rawValue: "shared-tier-behind")
    /// The match would have been served, and is asked of the model to check the policy.
    public static let audit = VerdictReason(rawValue: "audit")
    /// The decision was only logged: the namespace is in shadow mode.
    public static let shadow = VerdictReason(rawValue: "shadow")
}
