internal import Synchronization

/// Which answers a namespace keeps: it knows what each occupies, when each expires and which goes first.
///
/// It removes nothing itself; it tells the engine what has to go. An answer is in it from the moment that it is stored.
final class Retention: Sendable {
    private struct State {
        var queue: EvictionQueue
        /// Uses that the store does not know of yet.
        var uses: [EntryID: EntryUse] = [:]

        mutating func add(
            _ entry: CacheEntry,
            bytes: Int,
            use: EntryUse? = nil,
            settings: NamespaceSettings,
            now: Timestamp
        ) {
            queue.insert(
                entry.id,
                bytes: bytes,
                expiresAt: settings.reclaimTime(of: entry, lastUse: use?.lastUsedAt ?? entry.createdAt),
                saving: Float(entry.cost.map { $0 * 1e3 } ?? entry.upstreamLatency?.inSeconds ?? 1),
                hits: Int(clamping: use?.hits ?? 0),
                now: now
            )
        }
    }

    /// How many answers' uses wait for the store at the most, should nobody sweep.
    private static var maximumUses: Int { 1 << 16 }

    private let state: Mutex<State>
    /// Answers that had to go when the store could not remove them; they go with the next that do.
    private let returned = Mutex<[EntryID]>([])

    init(policy: EvictionPolicy) { state = Mutex(State(queue: EvictionQueue(policy: policy))) }

    /// What the answers occupy, and how many there are.
    var usage: (entries: Int, bytes: Int) { state.withLock { ($0.queue.count, $0.queue.bytes) } }

    /// Takes in an answer that is stored; returns what has to go for the limits to hold.
    ///
    /// Over a limit, one insertion in a hundred frees one hundredth of it, so that most insertions remove nothing.
    func insert(_ entry: CacheEntry, bytes: Int, settings: NamespaceSettings, now: Timestamp) -> [EntryID] {
        state.withLock { state in
            state.add(entry, bytes: bytes, settings: settings, now: now)
            let limits = EvictionLimits(maximumEntries: settings.maximumEntries, maximumBytes: settings.maximumBytes)
            guard !limits.allow(entries: state.queue.count, bytes: state.queue.bytes) else { return [] }
            let expired = state.queue.popExpired(now: now)
            // Seldom more than a hundredth; a store that was filled from outside is brought down by sweeps.
            let most = max(256, settings.maximumEntries / 50)
            return expired + state.queue.popOverflow(settings.lowerLimits, limit: most)
        }
    }

    /// Takes out what is too much, as after an import or a change of the limits.
    func takeOverflow(settings: NamespaceSettings, limit: Int) -> [EntryID] {
        state.withLock { state in
            let limits = EvictionLimits(maximumEntries: settings.maximumEntries, maximumBytes: settings.maximumBytes)
            guard !limits.allow(entries: state.queue.count, bytes: state.queue.bytes) else { return [] }
            return state.queue.popOverflow(settings.lowerLimits, limit: limit)
        }
    }

    /// Takes in an answer that the store held when it was opened, or another question of it.
    ///
    /// - Parameter use: How it was used in earlier lives of the process.
    func restore(_ entry: CacheEntry, bytes: Int, use: EntryUse?, settings: NamespaceSettings, now: Timestamp) {
        state.withLock { state in
            if state.queue.addBytes(bytes, to: entry.id) { return }
            state.add(entry, bytes: entry.byteCount + bytes, use: use, settings: settings, now: now)
        }
    }

    func addBytes(_ bytes: Int, to entry: EntryID) { state.withLock { _ = $0.queue.addBytes(bytes, to: entry) } }

    /// Notes that an answer was served; a note is lost when two would wait for each other, as it is only a hint.
    func touch(_ entry: CacheEntry, settings: NamespaceSettings, now: Timestamp) {
        _ = state.withLockIfAvailable { state in
            if state.uses.count < Self.maximumUses || state.uses[entry.id] != nil {
                state.uses[entry.id, default: EntryUse(entry: entry.id)].add(
                    EntryUse(entry: entry.id, hits: 1, lastUsedAt: now)
                )
            }
            state.queue.touch(
                entry.id,
                expiresAt: settings.idleTimeout.map { _ in
                    settings.reclaimTime(of: entry, lastUse: now) ?? Timestamp(milliseconds: .max)
                }
            )
        }
    }

    /// Whether an answer was not served for longer than the namespace keeps such.
    ///
    /// Of one that was not read yet after an opening only its age is known, and that is held against it.
    func isIdle(_ entry: CacheEntry, settings: NamespaceSettings, now: Timestamp) -> Bool {
        let known = state.withLock { $0.queue.expiry(of: entry.id) }
        guard let end = known ?? settings.reclaimTime(of: entry, lastUse: entry.createdAt) else { return false }
        return end <= now
    }

    func setExpiry(of entry: CacheEntry, settings: NamespaceSettings, now: Timestamp) {
        state.withLock { state in
            _ = state.queue.setExpiry(settings.reclaimTime(of: entry, lastUse: now), of: entry.id, now: now)
        }
    }

    /// Forgets answers; returns how many of them it knew.
    @discardableResult
    func remove(_ entries: some Sequence<EntryID>) -> Int {
        state.withLock { state in entries.count { state.queue.remove($0) } }
    }

    /// Takes out answers that are of no use any more.
    func takeExpired(now: Timestamp, limit: Int) -> [EntryID] {
        let waiting = returned.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
        return waiting + state.withLock { $0.queue.popExpired(now: now, limit: limit) }
    }

    /// Takes the uses that the store does not know of yet.
    func takeUses() -> [EntryUse] {
        state.withLock { state in
            defer { state.uses.removeAll(keepingCapacity: true) }
            return Array(state.uses.values)
        }
    }

    /// Takes back answers that the store could not remove.
    func giveBack(_ entries: [EntryID]) { returned.withLock { $0 += entries } }

    /// How little the answer that goes next is worth, comparable across namespaces; nil if there is none.
    func weakestScore(now: Timestamp) -> Double? { state.withLock { $0.queue.weakest(now: now)?.score } }

    /// Takes out the answers that are worth least, until so many bytes are free.
    func takeWeakest(bytes: Int, limit: Int) -> [EntryID] {
        state.withLock { $0.queue.popWeakest(bytes: bytes, limit: limit) }
    }
}

extension NamespaceSettings {
    /// A hundredth below the limits, so that most insertions over them remove nothing.
    fileprivate var lowerLimits: EvictionLimits {
        EvictionLimits(
            maximumEntries: maximumEntries - maximumEntries / 100,
            maximumBytes: maximumBytes - maximumBytes / 100
        )
    }

    /// When an answer is of no more use: its expiry and what staleness adds, or the end of its idle time, if sooner.
    fileprivate func reclaimTime(of entry: CacheEntry, lastUse: Timestamp) -> Timestamp? {
        let expiry = entry.expiresAt.map { $0 + longestStaleness }
        guard let idleTimeout else { return expiry }
        return min(expiry ?? Timestamp(milliseconds: .max), lastUse + idleTimeout)
    }
}
