internal import Synchronization

/// The latest invalidations, so that an answer which was asked for before one of them is not stored after it.
///
/// A model works for seconds. What was invalidated meanwhile must stay gone: the answer that is still under way was made
/// from the old document, too.
///
///     let mark = log.mark                             // before the model is asked
///     log.note(InvalidationSelector(tag: "doc:42"))   // meanwhile
///     log.concerns(entry, question, since: mark)      // true: its caller has the answer, the cache does not keep it
///
/// Whoever removes notes the selector first and then removes from the store. So an answer that is stored after the store
/// was cleared finds the note when it looks behind its own storing.
final class InvalidationLog: Sendable {
    /// The selectors of the latest, by their number modulo the capacity.
    private let latest = Mutex<[InvalidationSelector]>([])
    /// The number of invalidations so far, which every lookup reads; raised under the lock.
    private let count = Atomic<UInt64>(0)
    private let capacity: Int

    /// - Parameter capacity: How many invalidations are known one by one; of an answer that was under way for longer than
    ///   they took, it is assumed that it is out of date.
    init(capacity: Int = 4096) { self.capacity = capacity }

    /// The moment, in invalidations.
    var mark: UInt64 { count.load(ordering: .acquiring) }

    /// Notes that what the selector selects is out of date.
    ///
    /// - Complexity: O(1).
    func note(_ selector: InvalidationSelector) {
        // Answers under way have no id yet.
        guard !selector.isEmpty, selector.ids == nil else { return }
        latest.withLock { latest in
            if latest.count < capacity {
                latest.append(selector)
            } else {
                latest[Int(mark % UInt64(capacity))] = selector
            }
            count.add(1, ordering: .releasing)
        }
    }

    /// Whether an answer that was asked for at the mark was invalidated since then.
    ///
    /// - Complexity: O(*n*) for *n* invalidations since the mark; O(1) if there was none.
    func concerns(_ entry: CacheEntry, _ question: CachedQuestion, since mark: UInt64) -> Bool {
        guard self.mark != mark else { return false }
        let missed: [InvalidationSelector]? = latest.withLock { latest in
            guard self.mark - mark <= UInt64(capacity) else { return nil }
            return (mark..<self.mark).map { latest[Int($0 % UInt64(capacity))] }
        }
        return missed?.contains { $0.selects(entry, questions: [question]) } ?? true
    }
}
