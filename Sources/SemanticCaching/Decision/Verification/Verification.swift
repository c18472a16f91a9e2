/// The verifier's step in a decision.
public struct Verification: Hashable, Sendable {
    /// What came of asking.
    public enum Outcome: String, Hashable, Sendable, Codable {
        /// The verifier agreed: the answer was served, unless it was invalidated meanwhile.
        case confirmed
        /// The verifier disagreed.
        case refused
        /// The verifier was too slow.
        case timedOut = "timed-out"
        /// The verifier failed.
        case failed
        /// The verifier is asked after the request, which did not wait.
        case deferred
    }

    /// The verifier's name.
    public let verifier: String
    /// What came of asking.
    public let outcome: Outcome

    /// Creates a step.
    public init(verifier: String, outcome: Outcome) {
        self.verifier = verifier
        self.outcome = outcome
    }

    /// Why the lookup ended as it did, so far as the verifier decided it.
    var reason: VerdictReason {
        switch outcome {
        case .confirmed: .semanticMatch
        case .refused: .notVerified
        case .timedOut, .failed: .verifierUnavailable
        case .deferred: .verificationPending
        }
    }
}
