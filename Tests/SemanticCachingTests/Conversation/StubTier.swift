import SemanticCaching
import Synchronization

/// A shared tier in memory: what one cache publishes, another finds at once.
final class StubTier: SharedTier {
    /// What it was told to change.
    enum Change: Hashable, Sendable {
        case published(EntryID, isAlias: Bool)
        case removed([EntryID])
    }

    private struct State {
        var matches: [Digest256: StoredMatch] = [:]
        var isCurrent = true
        var selectors: [InvalidationSelector] = []
        var changes: [Change] = []
        var confirms = true
    }

    private let state = Mutex(State())

    /// Whether replicas have heard of all changes.
    var isCurrent: Bool {
        get { state.withLock { $0.isCurrent } }
        set { state.withLock { $0.isCurrent = newValue } }
    }

    /// Whether it confirms removals.
    var confirms: Bool {
        get { state.withLock { $0.confirms } }
        set { state.withLock { $0.confirms = newValue } }
    }

    /// What it was told to change, in order.
    var changes: [Change] { state.withLock { $0.changes } }

    /// What replicas were told to remove.
    var selectors: [InvalidationSelector] { state.withLock { $0.selectors } }

    func match(key: Digest256, in namespace: NamespaceID) async throws -> StoredMatch? {
        state.withLock { $0.matches[key] }
    }

    func publish(_ entry: CacheEntry, question: CachedQuestion, isAlias: Bool) {
        state.withLock { state in
            state.changes.append(.published(entry.id, isAlias: isAlias))
            state.matches[question.key] = StoredMatch(question: question, entry: entry)
        }
    }

    func remove(_ entries: [EntryID], in namespace: NamespaceID) async throws {
        try state.withLock { state in
            guard state.confirms else { throw CacheError(.sharedTierUnavailable, "it is away") }
            state.changes.append(.removed(entries))
            state.matches = state.matches.filter { !entries.contains($0.value.entry.id) }
        }
    }

    func invalidate(_ selector: InvalidationSelector) async throws -> [EntryID] {
        state.withLock { state in
            state.selectors.append(selector)
            let gone = state.matches.filter { selector.selects($0.value.entry, questions: [$0.value.question]) }
            for key in gone.keys { state.matches[key] = nil }
            return gone.values.map(\.entry.id)
        }
    }

    func raiseEpoch(of namespace: NamespaceID, toAtLeast epoch: UInt64) async throws -> UInt64 { epoch }
    func isCurrent(_ namespace: NamespaceID, within bound: Duration) -> Bool { isCurrent }

    func lease(key: Digest256, in namespace: NamespaceID) async throws -> SharedLease {
        if let match = try await match(key: key, in: namespace) { return .answered(match) }
        return .granted(SharedLease.Token(key: key, namespace: namespace, secret: "s"))
    }

    func noteUse(of namespace: NamespaceID) {}
    func waitForRoom() async {}
    func release(_ token: SharedLease.Token) {}
    func change(of key: Digest256, in namespace: NamespaceID) async throws {}
    var statistics: SharedTierStatistics { SharedTierStatistics() }
    func run(delivering changes: any SharedTierReceiver) async throws {}
}
