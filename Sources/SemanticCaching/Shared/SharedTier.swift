/// The tier that replicas of one cache share: an adapter to a server such as Redis.
///
/// The engine asks it word for word when its own tiers have nothing, hands over what it stores, and hears from it what
/// other replicas stored and removed. A tier that is slow or away costs hits and never an answer: calls on the way of a
/// request end by a deadline of the tier's own, and what is handed over is carried out later.
public protocol SharedTier: Sendable {
    /// The answer to a request with that key, in at most one round trip; nil if there is none.
    ///
    /// The engine compares keys and namespace itself.
    /// - Throws: Any error when the tier cannot be asked, or not in time; the request then goes on without it.
    func match(key: Digest256, in namespace: NamespaceID) async throws -> StoredMatch?

    /// Takes over an answer with a wording of it, to be stored for all replicas soon; does not wait.
    ///
    /// - Parameters:
    ///   - entry: The answer.
    ///   - question: The wording, with its key and its vector.
    ///   - isAlias: Whether the answer is to be found there already: if it is not any more, nothing is stored.
    func publish(_ entry: CacheEntry, question: CachedQuestion, isAlias: Bool)

    /// Suspends while so much waits to be stored that what is handed over next might be dropped; not while the tier is away.
    ///
    /// Imports wait, requests do not.
    func waitForRoom() async

    /// Removes answers for all replicas, those whose publication is still to come among them.
    ///
    /// When this returns, every replica that hears from the tier stops serving them.
    /// - Throws: Any error if the tier did not confirm it.
    func remove(_ entries: [EntryID], in namespace: NamespaceID) async throws

    /// Removes what a selector selects, in every replica; returns the answers that the tier itself held.
    ///
    /// - Throws: Any error if the tier did not confirm it.
    func invalidate(_ selector: InvalidationSelector) async throws -> [EntryID]

    /// Makes a namespace's answers of earlier epochs invisible to every replica; returns the new epoch, at least the given.
    ///
    /// - Throws: Any error if the tier did not confirm it.
    func raiseEpoch(of namespace: NamespaceID, toAtLeast epoch: UInt64) async throws -> UInt64

    /// Notes that a namespace is in use here, so that its changes are followed.
    func noteUse(of namespace: NamespaceID)

    /// Whether everything is applied here that other replicas had changed in the namespace before this long ago.
    func isCurrent(_ namespace: NamespaceID, within bound: Duration) -> Bool

    /// Asks for the right to fetch an answer for all replicas.
    ///
    /// Looks for the answer once more, and otherwise takes the lease, unless another replica has it.
    /// - Throws: Any error when the tier cannot be asked; the request then fetches on its own.
    func lease(key: Digest256, in namespace: NamespaceID) async throws -> SharedLease

    /// For how long a lease holds at the most, however often it is renewed: who waits for its holder waits no longer.
    var maximumLeaseDuration: Duration { get }

    /// Gives a lease back, once what was published before it is stored.
    func release(_ token: SharedLease.Token)

    /// Suspends until another replica has stored an answer under the key, or a short time has passed.
    func change(of key: Digest256, in namespace: NamespaceID) async throws

    /// What the tier did since the process started, and how it stands.
    var statistics: SharedTierStatistics { get }

    /// Stores what was published, and delivers what other replicas change in the namespaces in use, until cancelled.
    func run(delivering changes: any SharedTierReceiver) async throws
}

extension SharedTier {
    /// Two minutes, as long as a model should take at the most.
    public var maximumLeaseDuration: Duration { .seconds(120) }
}

/// Who is told what other replicas changed: the engine.
public protocol SharedTierReceiver: Sendable {
    /// Applies changes in order; when this returns, lookups see them.
    func apply(_ changes: [SharedChange], in namespace: NamespaceID) async

    /// The answers of a namespace that are stored here.
    func entries(in namespace: NamespaceID) async throws -> Set<EntryID>

    /// Whether the namespace serves nothing that is not known to be still right.
    func isStrict(_ namespace: NamespaceID) -> Bool

    /// How far the changes of a namespace were applied when the process last ran; nil if it never heard of any.
    func position(in namespace: NamespaceID) async -> String?

    /// Keeps how far the changes of a namespace are applied, for the next start of the process.
    func setPosition(_ position: String?, in namespace: NamespaceID) async

    /// What a namespace's answers occupy here.
    func byteCount(of namespace: NamespaceID) -> Int

    /// Removes a namespace's answers here, and here only: they are not followed any more, and may come back.
    func release(_ namespace: NamespaceID) async
}
