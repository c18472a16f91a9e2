internal import SemanticCaching

/// What waits to be written to the server, in order, within bounds; pure.
struct PublishQueue: Sendable {
    struct Publication: Sendable {
        let entry: CacheEntry
        let question: CachedQuestion
        let isAlias: Bool

        var byteCount: Int { entry.byteCount + question.byteCount }
    }

    enum Item: Sendable {
        case publication(Publication)
        case release(SharedLease.Token)
    }

    private let maximumCount: Int
    private let maximumBytes: Int
    // A slice: taking from its front moves nothing.
    private var items: ArraySlice<Item> = []
    private var bytes = 0
    private var publicationCount = 0
    private(set) var dropped = 0

    init(maximumCount: Int, maximumBytes: Int) {
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
    }

    /// The number of answers that wait.
    var count: Int { publicationCount }

    var isEmpty: Bool { items.isEmpty }

    /// Whether at least half of what may wait can still be added.
    var hasRoom: Bool { publicationCount <= maximumCount / 2 && bytes <= maximumBytes / 2 }

    /// Adds an answer; without room it is dropped and counted.
    ///
    /// - Parameter inFlight: The answers that were taken and may come back; they keep their places.
    mutating func append(_ publication: Publication, besides inFlight: Int = 0) {
        guard publicationCount + inFlight < maximumCount, bytes + publication.byteCount <= maximumBytes else {
            dropped += 1
            return
        }
        items.append(.publication(publication))
        bytes += publication.byteCount
        publicationCount += 1
    }

    /// Adds the end of a lease, behind the answer that it was for; there is always room, as there are few.
    mutating func append(_ token: SharedLease.Token) { items.append(.release(token)) }

    /// Takes the oldest items, but none of the namespaces that rest.
    ///
    /// - Complexity: O(`limit`); O(*n*) for *n* items if a namespace rests.
    mutating func takeFirst(_ limit: Int, besides resting: Set<NamespaceID> = []) -> [Item] {
        var taken: [Item] = []
        if resting.isEmpty {
            taken = Array(items.prefix(limit))
            items.removeFirst(taken.count)
        } else {
            var kept: [Item] = []
            for item in items {
                if taken.count < limit, !resting.contains(item.namespace) {
                    taken.append(item)
                } else {
                    kept.append(item)
                }
            }
            items = kept[...]
        }
        // What was taken stays in the memory behind the slice until that is let go.
        if items.isEmpty { items = [] }
        count(taken, by: -1)
        return taken
    }

    /// Puts items back to the front, because the server could not take them.
    mutating func giveBack(_ returned: [Item]) {
        items.insert(contentsOf: returned, at: items.startIndex)
        count(returned, by: 1)
    }

    /// Takes out the answers that a condition selects, because they were removed.
    mutating func remove(where isRemoved: (Publication) -> Bool) {
        let gone = items.filter { if case .publication(let item) = $0 { isRemoved(item) } else { false } }
        guard !gone.isEmpty else { return }
        items.removeAll { if case .publication(let item) = $0 { isRemoved(item) } else { false } }
        count(gone, by: -1)
    }

    mutating func countDropped(_ count: Int) { dropped += count }

    /// The answers that wait.
    var entries: Set<EntryID> {
        Set(items.compactMap { if case .publication(let item) = $0 { item.entry.id } else { nil } })
    }

    private mutating func count(_ items: some Sequence<Item>, by sign: Int) {
        for case .publication(let item) in items {
            bytes += sign * item.byteCount
            publicationCount += sign
        }
    }
}
