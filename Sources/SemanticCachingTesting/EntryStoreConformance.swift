public import SemanticCaching

/// The checks that every ``/SemanticCaching/EntryStore`` must pass, so that anyone who writes one can prove it.
///
///     @Test(arguments: EntryStoreConformance.Check.allCases)
///     func conforms(_ check: EntryStoreConformance.Check) async throws {
///         try await EntryStoreConformance { MemoryStore() }.run(check)
///     }
///
/// Random checks print nothing and name their seed in the failure they throw; give that seed to repeat them.
public struct EntryStoreConformance: Sendable {
    /// One property of a store.
    public enum Check: String, CaseIterable, Sendable {
        /// All that is stored comes back as it was: every field, any text, the vector bit by bit.
        case keepsEveryField
        /// An answer to a key takes the place of the one that owned it, with all its questions.
        case replacesTheOwnerOfAKey
        /// An answer takes the place of the one with the same id.
        case replacesTheSameID
        /// Wordings are added to an answer; owned keys and answers that are gone are refused.
        case addsQuestions
        /// A question number is never given to two questions.
        case refusesNumbersInUse
        /// Removal takes the questions along, tells of each once, and is idempotent.
        case removesAnswersWithTheirQuestions
        /// Questions move from one answer to another, and the answer that lost them goes.
        case movesQuestions
        /// Each condition of a filter and their combinations select what they say.
        case filters
        /// Pages of answers and questions are complete, ordered and without repeats.
        case pages
        /// The greatest number and the count of changes never go back.
        case countersNeverGoBack
        /// Expiry, vectors and use can be changed for answers that are there, and for no others.
        case updatesInPlace
        /// Small values are set, replaced, listed and removed.
        case keepsMetadata
        /// The counts of answers, questions and bytes follow what is stored.
        case countsUsage
        /// Any sequence of calls gives what the obvious slow store gives.
        case behavesLikeTheModel
        /// Concurrent calls leave every key with one owner and nothing half there.
        case survivesConcurrentCalls
        /// A closed store refuses all calls.
        case refusesCallsAfterClose
        /// What was stored is there after the store is closed and opened again; skipped without a `reopen`.
        case keepsAllOverReopening
    }

    /// The seed of the random checks.
    public let seed: UInt64
    let makeStore: @Sendable () async throws -> any EntryStore
    let reopen: (@Sendable (any EntryStore) async throws -> any EntryStore)?

    /// Prepares the checks.
    ///
    /// - Parameters:
    ///   - seed: what makes the random checks repeatable; random by default.
    ///   - reopen: closes the store and opens what it left behind; nil for stores that leave nothing behind.
    ///   - makeStore: makes a new, empty store.
    public init(
        seed: UInt64 = .random(in: 0...UInt64.max),
        reopen: (@Sendable (any EntryStore) async throws -> any EntryStore)? = nil,
        makeStore: @escaping @Sendable () async throws -> any EntryStore
    ) {
        self.seed = seed
        self.reopen = reopen
        self.makeStore = makeStore
    }

    /// Runs all checks.
    ///
    /// - Throws: ``ConformanceFailure`` of the first that fails, or what the store threw.
    public func run() async throws {
        for check in Check.allCases { try await run(check) }
    }

    /// Runs one check against a new store, and closes it.
    ///
    /// - Throws: ``ConformanceFailure``, or what the store threw.
    public func run(_ check: Check) async throws {
        let trial = ConformanceTrial(check: check, seed: seed, store: try await makeStore())
        switch check {
        case .keepsEveryField: try await trial.keepsEveryField()
        case .replacesTheOwnerOfAKey: try await trial.replacesTheOwnerOfAKey()
        case .replacesTheSameID: try await trial.replacesTheSameID()
        case .addsQuestions: try await trial.addsQuestions()
        case .refusesNumbersInUse: try await trial.refusesNumbersInUse()
        case .removesAnswersWithTheirQuestions: try await trial.removesAnswersWithTheirQuestions()
        case .movesQuestions: try await trial.movesQuestions()
        case .filters: try await trial.filters()
        case .pages: try await trial.pages()
        case .countersNeverGoBack: try await trial.countersNeverGoBack()
        case .updatesInPlace: try await trial.updatesInPlace()
        case .keepsMetadata: try await trial.keepsMetadata()
        case .countsUsage: try await trial.countsUsage()
        case .behavesLikeTheModel: try await trial.behavesLikeTheModel(steps: 400, reopen: nil)
        case .survivesConcurrentCalls: try await trial.survivesConcurrentCalls()
        case .refusesCallsAfterClose: try await trial.refusesCallsAfterClose()
        case .keepsAllOverReopening:
            guard let reopen else { break }
            try await trial.behavesLikeTheModel(steps: 150, reopen: reopen)
            return
        }
        try await trial.store.close()
    }
}
