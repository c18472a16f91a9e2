/// An index that fits its size: a scan while it is small, a graph when it is large.
///
///     let index = AutoIndex(dimension: 384)
///     try index.insert(vector, id: 7)                        // microseconds, found at once
///     let best = try index.search(query, count: 4)
///
/// ```
///   insert ─► flat segment ──(background)──► graph           search = flat segment, then graph; merged by similarity
/// ```
///
/// New entries land in a flat segment. As long as the index is small that is all there is. From a measured crossover
/// on, a background task moves entries from the flat segment into an ``HNSWIndex``, one small batch at a time, while
/// both answer; when the index shrinks far below the crossover the graph is dissolved. Readers never wait for a build.
///
/// What waits to be moved is also what a graph is audited with, whenever it has doubled: a graph that does not find
/// what a scan of it finds is searched harder, or scanned (`GraphAudit`).
///
/// An entry that moves is put into the graph before it leaves the flat segment, and a search looks at the flat segment
/// before the graph: so it meets every entry at least once, and drops what it meets twice.
public final class AutoIndex: VectorIndex {
    /// Where the entries are; copied by every search.
    struct Segments {
        var flat: FlatIndex
        var graph: HNSWIndex?
        /// How the graph is searched, as its last audit found.
        var graphSearch: GraphAudit.Search
        /// Entries that were removed while they were on their way into the graph: the graph may hold a copy of them.
        var hidden: Set<UInt64> = []
        /// Counts what a search must not miss half-way: a graph comes or goes, an id leaves `hidden`.
        var generation = 0
    }

    /// Which entries there are; held to insert, to remove and to account for a move, never to search or to build.
    struct Membership {
        var count = 0
        /// Entries on their way into the graph.
        var moving: Set<UInt64> = []
        var backgroundTaskRuns = false
        /// Entries that were ever inserted, how many of them the background task knows of, and how often in a row it then saw
        /// but few new ones.
        var insertions = 0
        var insertionsSeen = 0
        var quietLooks = 0
        /// Entries of the graph from which on it is audited again.
        var nextAudit = 0
    }

    /// Components per vector.
    public let dimension: Int

    let configuration: AutoIndexConfiguration
    let policy: AutoIndexPolicy
    // Lock order: waiting, membership, segments, then the locks inside the indexes.
    /// Entries that the current round still has to move; whoever holds the lock moves a batch of them.
    let waiting = Guarded<[UInt64]>([])
    let membership = Guarded(Membership())
    let segments: Guarded<Segments>

    /// Creates an empty index.
    ///
    /// - Parameters:
    ///   - dimension: components per vector, 1 to 65,536.
    ///   - configuration: when it changes its shape, and how its graph is built.
    public init(dimension: Int, configuration: AutoIndexConfiguration = AutoIndexConfiguration()) {
        self.dimension = dimension
        self.configuration = configuration
        policy = AutoIndexPolicy(configuration: configuration, dimension: dimension)
        segments = Guarded(
            Segments(
                flat: FlatIndex(dimension: dimension),
                graphSearch: .walk(effort: configuration.graph.searchEffort)
            )
        )
    }

    /// Entries in the index.
    public var count: Int { membership.withLock { $0.count } }

    /// Whether large enough, and built far enough, to have a graph.
    public var hasGraph: Bool { segments.withLock { $0.graph != nil } }

    /// How the graph is searched: with what effort, or not at all, when it does not find what it should.
    package var graphSearch: GraphAudit.Search { segments.withLock { $0.graphSearch } }

    /// Entries in the flat segment: all of a small index, the ones that wait to be merged of a large one.
    public var flatCount: Int { segments.withLock { $0.flat }.count }

    /// Bytes in use, by purpose; an entry that is just moving counts twice.
    public var memoryUse: IndexMemoryUse {
        let current = segments.withLock { $0 }
        return current.flat.memoryUse + (current.graph?.memoryUse ?? IndexMemoryUse())
    }

    /// Adds an entry, which searches find at once.
    ///
    /// - Complexity: O(*d*): it goes to the flat segment.
    /// - Throws: ``VectorIndexError`` for a vector that does not fit or an id that is present.
    public func insert(
        _ vector: [Float],
        id: UInt64,
        attributes: VectorAttributes
    ) throws(VectorIndexError) {
        let total = try membership.withLock { (membership) throws(VectorIndexError) in
            let current = segments.withLock { $0 }
            if let graph = current.graph, graph.contains(id: id), !current.hidden.contains(id) {
                throw .duplicateID(id)
            }
            try current.flat.insert(vector, id: id, attributes: attributes)
            membership.count += 1
            membership.insertions &+= 1
            return membership.count
        }
        considerMoving(total: total)
    }

    /// Removes an entry; returns whether it was there.
    @discardableResult
    public func remove(id: UInt64) -> Bool {
        let (wasThere, total) = membership.withLock { membership in
            let current = segments.withLock { $0 }
            var wasThere = current.flat.remove(id: id)
            if membership.moving.contains(id) {
                // Its copy may be in the graph by now or a moment later: whoever moves it takes that out.
                if wasThere { segments.withLock { _ = $0.hidden.insert(id) } }
            } else if let graph = current.graph, graph.remove(id: id) {
                wasThere = true
            }
            if wasThere { membership.count -= 1 }
            return (wasThere, membership.count)
        }
        if wasThere { considerMoving(total: total) }
        return wasThere
    }

    /// Returns whether an entry is present.
    public func contains(id: UInt64) -> Bool {
        membership.withLock { _ in
            let current = segments.withLock { $0 }
            if current.flat.contains(id: id) { return true }
            return !current.hidden.contains(id) && current.graph?.contains(id: id) == true
        }
    }

    /// Returns the stored unit vector of an entry.
    public func vector(id: UInt64) -> [Float]? {
        membership.withLock { _ in
            let current = segments.withLock { $0 }
            if let vector = current.flat.vector(id: id) { return vector }
            return current.hidden.contains(id) ? nil : current.graph?.vector(id: id)
        }
    }

    /// Returns the nearest entries of both segments, most similar first.
    ///
    /// - Throws: ``VectorIndexError`` for a query that is no unit vector of this dimension.
    public func search(
        _ query: [Float],
        count: Int,
        options: SearchOptions
    ) throws(VectorIndexError) -> [Neighbor] {
        while true {
            let current = segments.withLock { $0 }
            var found = try current.flat.search(query, count: count, options: options)
            if let graph = current.graph {
                let wanted = Swift.min(count, HNSWGraph.slotLimit) + current.hidden.count
                var settled = try search(graph, query, count: wanted, options: options, by: current.graphSearch)
                if !current.hidden.isEmpty { settled.removeAll { current.hidden.contains($0.id) } }
                found = Self.merge(settled, found, count: count)
            }
            // Seldom: entries may have moved to where this search did not look any more.
            if segments.withLock({ $0.generation }) == current.generation { return found }
        }
    }

    private func search(
        _ graph: HNSWIndex,
        _ query: [Float],
        count: Int,
        options: SearchOptions,
        by search: GraphAudit.Search
    ) throws(VectorIndexError) -> [Neighbor] {
        guard options.effort == nil else { return try graph.search(query, count: count, options: options) }
        switch search {
        case .walk(let effort):
            var options = options
            options.effort = effort
            return try graph.search(query, count: count, options: options)
        case .scan:
            return try graph.scan(query, count: count, options: options)
        }
    }

    /// Merges two lists that are ordered by similarity; `older` goes first among equals.
    package static func merge(_ older: [Neighbor], _ newer: [Neighbor], count: Int) -> [Neighbor] {
        if newer.isEmpty, older.count <= count { return older }
        var merged: [Neighbor] = []
        let limit = Swift.min(count, older.count + newer.count)
        merged.reserveCapacity(limit)
        // Only an entry that is just moving is met twice. A cache asks for one to four, which are looked through.
        var known: Set<UInt64> = []
        let usesSet = limit > 64
        var (left, right) = (older.startIndex, newer.startIndex)
        while merged.count < count {
            let next: Neighbor
            if left < older.endIndex,
                right == newer.endIndex || older[left].similarity >= newer[right].similarity
            {
                next = older[left]
                left += 1
            } else if right < newer.endIndex {
                next = newer[right]
                right += 1
            } else {
                break
            }
            let isNew = usesSet ? known.insert(next.id).inserted : !merged.contains { $0.id == next.id }
            if isNew { merged.append(next) }
        }
        return merged
    }
}
