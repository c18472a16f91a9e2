/// What a replay came to.
public struct ReplayResult: Hashable, Sendable {
    /// The number of requests.
    public let requestCount: Int
    /// The requests that were served from the cache.
    public private(set) var hits = 0
    /// Those of them that got a wrong answer.
    public private(set) var wrongHits = 0
    /// The requests that missed although their answer was stored.
    public private(set) var needlessMisses = 0
    /// The questions stored at the end.
    public var storedCount = 0
    /// For each request 0 for a miss, 1 for a right hit, 2 for a wrong one.
    public private(set) var outcomes: [UInt8] = []

    init(requestCount: Int) {
        self.requestCount = requestCount
        outcomes.reserveCapacity(requestCount)
    }

    mutating func add(isHit: Bool, isWrong: Bool, isNeedless: Bool) {
        if isHit { hits += 1 }
        if isWrong { wrongHits += 1 }
        if isNeedless { needlessMisses += 1 }
        outcomes.append(isWrong ? 2 : isHit ? 1 : 0)
    }

    /// Hits among requests.
    public var hitRate: Double { requestCount == 0 ? 0 : Double(hits) / Double(requestCount) }
    /// Wrong hits among requests.
    public var errorRate: Double { requestCount == 0 ? 0 : Double(wrongHits) / Double(requestCount) }
    /// Right hits among hits; 1 without hits.
    public var precision: Double { hits == 0 ? 1 : 1 - Double(wrongHits) / Double(hits) }
}
