internal import Synchronization

/// Which answers a namespace keeps: it knows what each occupies, when each expires and which goes first.
///
/// It removes nothing itself; it tells the engine what has to go. An answer is in it from the moment that it is stored.
final class Retention: Sendable {
    private let queue: Mutex<EvictionQueue>
    /// Answers that had to go when the store could not remove them; they go with the next that do.
    private let returned = Mutex<[EntryID]>([])

    init(policy: EvictionPolicy) { queue = Mutex(EvictionQueue(policy: policy)) }

    /// What the answers occupy, and how many there are.
    var usage: (entries: Int, bytes: Int) { queue.withLock { ($0.count, $0.bytes) } }

    /// Takes in an answer that is stored; returns what has to go for the limits to hold.
    ///
    /// Over a limit, one insertion in a hundred frees one hundredth of it, so that most insertions remove nothing.
    func insert(_ entry: CacheEntry, bytes: Int, settings: NamespaceSettings, now: Timestamp) -> [EntryID] {
        queue.withLock { queue in
            queue.insert(
                entry.id,
                bytes: bytes,
                expiresAt: settings.reclaimTime(of: entry, lastUse: now),
                saving: Float(entry.cost.map { $0 * 1e3 } ?? entry.upstreamLatency?.inSeconds ?? 1),
                now: now
            )
            let limits = EvictionLimits(maximumEntries: settings.maximumEntries, maximumBytes: settings.maximumBytes)
            guard !limits.allow(entries: queue.count, bytes: queue.bytes) else { return [] }
            let lower = EvictionLimits(
                maximumEntries: settings.maximumEntries - settings.maximumEntries / 100,
                maximumBytes: settings.maximumBytes - settings.maximumBytes / 100
            )
            return queue.popExpired(now: now) + queue.popOverflow(lower)
        }
    }

    /// Takes in an answer that the store held when it was opened.
    func restore(_ entry: CacheEntry, bytes: Int, settings: NamespaceSettings, now: Timestamp) {
        queue.withLock { queue in
            if queue.addBytes(bytes, to: entry.id) { return }
            queue.insert(
                entry.id,
                bytes: entry.byteCount + bytes,
                expiresAt: settings.reclaimTime(of: entry, lastUse: now),
                saving: Float(entry.cost.map { $0 * 1e3 } ?? entry.upstreamLatency?.inSeconds ?? 1),
                now: now
            )
        }
    }

    func addBytes(_ bytes: Int, to entry: EntryID) { queue.withLock { _ = $0.addBytes(bytes, to: entry) } }

    /// Notes that an answer was served. A note is lost when two would wait for each other: it is only a hint.
    func touch(_ entry: CacheEntry, settings: NamespaceSettings, now: Timestamp) {
        _ = queue.withLockIfAvailable { queue in
            queue.touch(
                entry.id,
                expiresAt: settings.idleTimeout.map { _ in
                    settings.reclaimTime(of: entry, lastUse: now) ?? Timestamp(milliseconds: .max)
                }
            )
        }
    }

    /// Whether an answer was not served for longer than the namespace keeps such.
    func isIdle(_ entry: EntryID, now: Timestamp) -> Bool {
        queue.withLock { $0.expiry(of: entry) }.map { $0 <= now } ?? false
    }

    func setExpiry(of entry: CacheEntry, settings: NamespaceSettings, now: Timestamp) {
        queue.withLock { queue in
            _ = queue.setExpiry(settings.reclaimTime(of: entry, lastUse: now), of: entry.id, now: now)
        }
    }

    func remove(_ entries: some Sequence<EntryID>) {
        queue.withLock { queue in for entry in entries { queue.remove(entry) } }
    }

    /// Takes out answers that are of no use any more.
    func takeExpired(now: Timestamp, limit: Int) -> [EntryID] {
        let waiting = returned.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
        return waiting + queue.withLock { $0.popExpired(now: now, limit: limit) }
    }

    /// Takes back answers that the store could not remove.
    func giveBack(_ entries: [EntryID]) { returned.withLock { $0 += entries } }

    /// How little the answer that goes next is worth, comparable across namespaces; nil if there is none.
    func weakestScore(now: Timestamp) -> Double? { queue.withLock { $0.weakest(now: now)?.score } }

    /// Takes out the answers that are worth least, until so many bytes are free.
    func takeWeakest(bytes: Int, limit: Int) -> [EntryID] {
        queue.withLock { $0.popWeakest(bytes: bytes, limit: limit) }
    }
}

extension NamespaceSettings {
    /// When an answer is of no more use: its expiry and what staleness adds, or the end of its idle time, if sooner.
    fileprivate func reclaimTime(of entry: CacheEntry, lastUse: Timestamp) -> Timestamp? {
        let expiry = entry.expiresAt.map { $0 + longestStaleness }
        guard let idleTimeout else { return expiry }
        return min(expiry ?? Timestamp(milliseconds: .max), lastUse + idleTimeout)
    }
}
