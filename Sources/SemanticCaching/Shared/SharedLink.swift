internal import Synchronization

/// The engine's side of the shared tier.
final class SharedLink: Sendable {
    let tier: any SharedTier
    /// Callers of this replica who wait for the right to ask the model.
    let turns = SingleFlight<Digest256, CacheResponse?>()
    private let removals = Mutex(RecentRemovals())
    private let tokens = Mutex<[Digest256: SharedLease.Token]>([:])

    init(_ tier: any SharedTier) { self.tier = tier }

    func noteRemoved(_ entries: some Sequence<EntryID>) { removals.withLock { $0.insert(entries) } }

    func wasRemoved(_ entry: EntryID) -> Bool { removals.withLock { $0.contains(entry) } }

    /// Keeps the right to fetch until it is taken back.
    func hold(_ token: SharedLease.Token) { tokens.withLock { $0[token.key] = token } }

    func holdsToken(for key: Digest256) -> Bool { tokens.withLock { $0[key] != nil } }

    /// Takes the right to fetch back, to give it up.
    func takeToken(for key: Digest256) -> SharedLease.Token? { tokens.withLock { $0.removeValue(forKey: key) } }
}
