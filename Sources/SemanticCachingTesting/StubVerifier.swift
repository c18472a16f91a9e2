public import SemanticCaching

/// A verifier that answers by script, counts its calls, and waits at a gate when told to.
///
///     let verifier = StubVerifier(answer: true)
///     verifier.gate.close()   // holds every call, so that deadlines and shared calls can be tested
public final class StubVerifier: HitVerifier {
    /// What every call gets: a word, or a failure.
    public enum Script: Sendable {
        /// The word.
        case answer(Bool)
        /// The failure.
        case failure(any Error)
    }

    /// The name in verdicts.
    public let name: String
    /// Where every call waits: open by default.
    public let gate = Gate(isOpen: true)
    private let script: Watched<Script>
    private let seen = Watched<[VerificationPair]>([])

    /// Creates a verifier that always says the same.
    public init(answer: Bool, name: String = "stub") {
        script = Watched(.answer(answer))
        self.name = name
    }

    /// Creates a verifier that always fails.
    public init(failure: any Error, name: String = "stub") {
        script = Watched(.failure(failure))
        self.name = name
    }

    /// Changes what calls from now on get.
    public func set(_ next: Script) { script.update { $0 = next } }

    /// The pairs of all calls so far, in order.
    public var pairs: [VerificationPair] { seen.value }

    /// Suspends until there have been this many calls.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func waitForCalls(count: Int) async throws { try await seen.wait { $0.count >= count } }

    /// Answers as the script says, once the gate lets the call through.
    ///
    /// - Throws: The script's failure, or `CancellationError`.
    public func mayServe(_ pair: VerificationPair) async throws -> Bool {
        seen.update { $0.append(pair) }
        try await gate.pass()
        switch script.value {
        case .answer(let answer): return answer
        case .failure(let error): throw error
        }
    }
}
