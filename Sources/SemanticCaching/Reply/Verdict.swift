/// What a lookup found, and why: everything that a person needs to trust or distrust it.
///
///     let verdict = await cache.lookup(request)
///     print(verdict.outcome, verdict.reason.rawValue, verdict.similarity ?? 0)
public struct Verdict: Sendable {
    /// How the lookup ended.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// A fresh answer was found.
        case hit
        /// An answer was found that is not fresh any more but may be served.
        case stale
        /// No answer was found.
        case miss
        /// The cache was not asked.
        case bypass
    }

    /// Where an answer was found.
    public enum Tier: String, Hashable, Sendable, Codable, CaseIterable {
        /// In memory, word for word.
        case exact
        /// In the store, word for word.
        case store
        /// In the tier that replicas share, word for word.
        case shared
        /// By its meaning.
        case semantic
        /// From the same request that was under way.
        case coalesced
    }

    /// A stored question that came nearest, whether it was served or not.
    public struct Nearest: Hashable, Sendable {
        /// The answer it leads to.
        public let entry: EntryID
        /// The stored wording.
        public let question: String
        /// The cosine of its vector and the asked question's.
        public let similarity: Float

        /// Creates a nearest question.
        public init(entry: EntryID, question: String, similarity: Float) {
            self.entry = entry
            self.question = question
            self.similarity = similarity
        }
    }

    /// How the lookup ended.
    public var outcome: Outcome
    /// Where the answer was found; nil without one.
    public var tier: Tier?
    /// Why the lookup ended so.
    public var reason: VerdictReason
    /// The answer, for a hit and a stale hit.
    public var reply: CachedReply?
    /// The entry that answers.
    public var entry: EntryID?
    /// How long ago the answer was given.
    public var age: Duration?
    /// When the answer stops being fresh.
    public var expiresAt: Timestamp?
    /// The similarity that decided, if one did: 1 for word-for-word matches.
    public var similarity: Float?
    /// The similarity that had to be reached.
    public var threshold: Float?
    /// The estimated probability that the answer is right, if a calibrated model made it.
    public var probability: Double?
    /// The probability that had to be reached.
    public var requiredProbability: Double?
    /// The nearest stored questions, most similar first, as far as they were looked at.
    public var nearest: [Nearest]
    /// What the guards found in the candidate that decided.
    public var findings: [GuardFinding]
    /// The verifier's step, if the decision was put to one.
    public var verification: Verification?
    /// What a hit saved: the model's price in US dollars.
    public var savedCost: Double?
    /// What a hit saved: the time that the model took.
    public var savedLatency: Duration?

    /// Creates a verdict without an answer.
    public init(_ outcome: Outcome, reason: VerdictReason, tier: Tier? = nil) {
        self.outcome = outcome
        self.reason = reason
        self.tier = tier
        nearest = []
        findings = []
    }

    /// Whether there is an answer to serve.
    public var isServable: Bool { reply != nil && (outcome == .hit || outcome == .stale) }
}
