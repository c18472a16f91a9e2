internal import SemanticCaching
internal import Synchronization

/// Keeps the last near-misses in memory, for the people who tune the cache; they are shown by the admin API only.
final class LookupRecorder: Sendable {
    /// A question that a stored one came near to.
    struct NearMiss: Sendable {
        let time: Timestamp
        let namespace: NamespaceID
        let question: String
        let nearest: Verdict.Nearest
        let threshold: Float?
        let reason: VerdictReason
    }

    /// So many near-misses are kept.
    static let capacity = 200

    /// So far below the threshold a question still counts as near.
    private static let margin: Float = 0.2

    private let nearMisses = Mutex<[NearMiss]>([])
    private let clock: any CacheClock
    private let limit: Int

    /// Creates a recorder that has seen nothing.
    init(clock: any CacheClock, limit: Int = LookupRecorder.capacity) {
        self.clock = clock
        self.limit = limit
    }

    /// The near-misses, the last one first.
    var recent: [NearMiss] { nearMisses.withLock { $0.reversed() } }

    func record(_ verdict: Verdict, _ request: CacheRequest) {
        guard verdict.outcome == .miss, let nearest = verdict.nearest.first, let question = request.question else {
            return
        }
        // A question that is far from all others is no near-miss, and nothing can be learned from it.
        guard nearest.similarity >= (verdict.threshold ?? 0) - Self.margin else { return }
        let miss = NearMiss(
            time: clock.now,
            namespace: request.scope.namespace,
            question: question,
            nearest: nearest,
            threshold: verdict.threshold,
            reason: verdict.reason
        )
        nearMisses.withLock { list in
            list.append(miss)
            if list.count > limit { list.removeFirst(list.count - limit) }
        }
    }
}
