/// When a namespace asks its verifier, and how long it waits for it.
///
///     settings.verification.mode = .blocking
///     settings.verification.lowestSimilarity = 0.82   // with a threshold of 0.92, the band is 0.82 to 0.92
///
/// Without a verifier these settings mean nothing. What a guard forbids is never put to a verifier.
public struct VerificationSettings: Hashable, Sendable {
    /// What a request does while the verifier works.
    public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
        /// The verifier is not asked.
        case off
        /// The request waits, up to the deadline, and is served if the verifier agrees.
        case blocking
        /// The request is answered by the model at once, and the verifier is asked afterwards.
        ///
        /// If it agrees, the question becomes another wording of the stored answer, and is served the next time.
        case asynchronous
    }

    /// What a request does while the verifier works.
    public var mode = Mode.off
    /// The cosine from which the verifier is asked, where a threshold decides.
    public var lowestSimilarity: Float = 0.8
    /// The probability from which the verifier is asked, where a learned policy decides.
    public var lowestProbability = 0.6
    /// The longest that a request waits.
    public var deadline: Duration = .seconds(2)

    /// Creates the default settings, in which no verifier is asked.
    public init() {}

    func validate() throws(CacheError) {
        guard (0...1).contains(lowestSimilarity) else {
            throw CacheError(.invalidConfiguration, "verification.lowestSimilarity must be from 0 to 1")
        }
        guard (0...1).contains(lowestProbability) else {
            throw CacheError(.invalidConfiguration, "verification.lowestProbability must be from 0 to 1")
        }
        guard deadline > .zero else {
            throw CacheError(.invalidConfiguration, "verification.deadline must be positive")
        }
    }
}
