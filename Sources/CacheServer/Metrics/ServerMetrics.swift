internal import SemanticCaching
internal import Synchronization

/// The server's counters and histograms.
final class ServerMetrics: Sendable {
    struct RequestLabels: Hashable, Sendable {
        let outcome: Disposition.Outcome
        let tier: Verdict.Tier?
        let namespace: String
    }

    struct Values: Sendable {
        var requests: [RequestLabels: Int] = [:]
        var statuses: [Int: Int] = [:]
        var shed: [ShedCause: Int] = [:]
        var upstreamErrors = 0
        var upstreamStatuses: [Int: Int] = [:]
        var storeFailures = 0
        var quotaRefusals = 0
        var quotaEvictions = 0
        var droppedLines = 0
        var lookup = Histogram(bounds: Histogram.seconds)
        var upstream = Histogram(bounds: Histogram.seconds)
        var firstByteHit = Histogram(bounds: Histogram.seconds)
        var firstByteMiss = Histogram(bounds: Histogram.seconds)
        var similarity = Histogram(bounds: Histogram.similarity)
        var history: [Sample] = []
    }

    /// What had been counted at a time, for charts.
    struct Sample: Sendable {
        let time: Timestamp
        let lookups: LookupStatistics
    }

    /// So many namespaces get a label of their own; callers choose names, and labels must stay bounded.
    private static let maximumNamespaceLabels = 64

    private let state = Mutex((values: Values(), namespaces: Set<String>()))

    /// Creates counters of nothing.
    init() {}

    /// A snapshot of everything.
    var values: Values { state.withLock { $0.values } }

    func count(_ record: RequestRecord) {
        let disposition = record.disposition
        let firstByte = record.timeToFirstByte.inSeconds
        state.withLock { state in
            state.values.statuses[record.status, default: 0] += 1
            guard let disposition else { return }
            var namespace = record.namespace
            if !state.namespaces.contains(namespace) {
                if state.namespaces.count < Self.maximumNamespaceLabels {
                    state.namespaces.insert(namespace)
                } else {
                    namespace = "other"
                }
            }
            let labels = RequestLabels(
                outcome: disposition.outcome,
                tier: disposition.verdict?.tier,
                namespace: namespace
            )
            state.values.requests[labels, default: 0] += 1
            switch disposition.outcome {
            case .hit, .stale: state.values.firstByteHit.observe(firstByte)
            case .miss, .coalesced: state.values.firstByteMiss.observe(firstByte)
            case .bypass: break
            }
        }
    }

    func observeLookup(_ duration: Duration, verdict: Verdict) {
        state.withLock { state in
            state.values.lookup.observe(duration.inSeconds)
            if let similarity = verdict.similarity, verdict.tier == nil || verdict.tier == .semantic {
                state.values.similarity.observe(Double(similarity))
            }
        }
    }

    func observeUpstream(_ duration: Duration, status: Int) {
        state.withLock { state in
            state.values.upstream.observe(duration.inSeconds)
            state.values.upstreamStatuses[status, default: 0] += 1
        }
    }

    func countShed(_ cause: ShedCause) { state.withLock { $0.values.shed[cause, default: 0] += 1 } }
    func countUpstreamError() { state.withLock { $0.values.upstreamErrors += 1 } }
    func countStoreFailure() { state.withLock { $0.values.storeFailures += 1 } }
    func countQuotaEvictions(_ count: Int) { state.withLock { $0.values.quotaEvictions += count } }
    func countDroppedLines(_ count: Int) { state.withLock { $0.values.droppedLines += count } }
    func countQuotaRefusal() { state.withLock { $0.values.quotaRefusals += 1 } }

    /// Keeps a sample for charts; the oldest go.
    func keep(_ sample: Sample, limit: Int = 720) {
        state.withLock { state in
            state.values.history.append(sample)
            if state.values.history.count > limit { state.values.history.removeFirst() }
        }
    }
}
