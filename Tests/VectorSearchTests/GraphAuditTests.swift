import Testing

@testable import VectorSearch

@Suite struct GraphAuditTests {
    private func configuration(effort: Int) -> AutoIndexConfiguration {
        var configuration = AutoIndexConfiguration()
        configuration.graphThreshold = 600
        configuration.mergesInBackground = false
        configuration.graph.searchEffort = effort
        configuration.graph.maximumDegree = 8
        configuration.graph.constructionEffort = 24
        return configuration
    }

    private func recall(_ index: AutoIndex, vectors: [[Float]], queries: [[Float]]) throws -> Double {
        var oracle = BruteForce()
        for (id, vector) in vectors.enumerated() { oracle.insert(vector, id: UInt64(id)) }
        let found = try queries.count {
            let truth = try #require(oracle.search($0, count: 1).first)
            return try index.search($0, count: 1).first?.similarity ?? -1 >= truth.similarity - 1e-6
        }
        return Double(found) / Double(queries.count)
    }

    /// Nothing is near anything: a graph of few links finds little of it at a small effort.
    @Test func vectorsWithoutStructureAreSearchedHarder() throws {
        var random = SeededGenerator(seed: 7)
        let vectors = (0..<1400).map { _ in random.unitVector(192) }
        let queries = (0..<60).map { _ in random.unitVector(192) }
        let index = AutoIndex(dimension: 192, configuration: configuration(effort: 8))
        for (id, vector) in vectors.enumerated() { try index.insert(vector, id: UInt64(id)) }
        index.merge(threads: 1)
        #expect(index.hasGraph && index.flatCount == 0)
        #expect(index.graphSearch != .walk(effort: 8))
        #expect(try recall(index, vectors: vectors, queries: queries) > 0.8)
    }

    /// What an audit found is part of a snapshot: an index answers after a restart as it did before.
    @Test func aRestoredIndexSearchesAsHardAsBefore() throws {
        var random = SeededGenerator(seed: 7)
        let index = AutoIndex(dimension: 192, configuration: configuration(effort: 8))
        for id in 0..<1400 as Range<UInt64> { try index.insert(random.unitVector(192), id: id) }
        index.merge(threads: 1)
        let copy = try AutoIndex(snapshot: index.snapshot(), configuration: configuration(effort: 8))
        #expect(copy.graphSearch == index.graphSearch && copy.graphSearch != .walk(effort: 8))
        for search in [GraphAudit.Search.scan, .walk(effort: 64), .walk(effort: 8)] {
            index.segments.withLock { $0.graphSearch = search }
            let copy = try AutoIndex(snapshot: index.snapshot(), configuration: configuration(effort: 8))
            #expect(copy.graphSearch == search)
            #expect(copy.snapshot() == index.snapshot())
            // A multiple, so that it fits another effort too.
            let other = try AutoIndex(snapshot: index.snapshot(), configuration: configuration(effort: 16))
            #expect(other.graphSearch.multiple(of: 16) == search.multiple(of: 8))
        }
        // It is audited again when it has doubled, and not with each restart.
        let (before, after) = (index.membership.withLock { $0.nextAudit }, copy.membership.withLock { $0.nextAudit })
        #expect(before > 0 && after == before)
    }

    @Test func snapshotsWithoutAnAuditAreRead() throws {
        let data = HNSWTestData(count: 300, dimension: 16, queries: 5, seed: 12)
        let graph = try data.index()
        let flat = FlatIndex(dimension: 16)
        try flat.insert(data.queries[0], id: 9000)
        let writer = SnapshotWriter(kind: FourCC("AUTO"), dimension: 16, sectionCount: 2)
        let pieces = writer.finish(nesting: [(FourCC("FLAT"), flat.snapshot()), (FourCC("HNSW"), graph.snapshot())])
        let index = try AutoIndex(snapshot: Array(pieces.joined()), configuration: configuration(effort: 8))
        #expect(index.count == 301 && index.graphSearch == .walk(effort: 8))
        #expect(try index.search(data.queries[0], count: 1).first?.id == 9000)
    }

    @Test(arguments: [[3, 0], [.max, 0], [1, .max]] as [[UInt64]])
    func anAuditThatNobodyMadeIsRefused(values: [UInt64]) throws {
        var writer = SnapshotWriter(kind: FourCC("AUTO"), dimension: 16, sectionCount: 3)
        writer.add(FourCC("AUDT"), values)
        let flat = FlatIndex(dimension: 16).snapshot()
        let pieces = writer.finish(nesting: [(FourCC("FLAT"), flat), (FourCC("HNSW"), [])])
        #expect(throws: VectorIndexError.corruptSnapshot("impossible audit")) {
            try AutoIndex(snapshot: Array(pieces.joined()))
        }
    }

    @Test func clusteredVectorsAreSearchedAsConfigured() throws {
        let data = HNSWTestData(count: 1400, dimension: 48, queries: 60, clusters: 30, seed: 8)
        let index = AutoIndex(dimension: 48, configuration: configuration(effort: 48))
        for (id, vector) in data.vectors.enumerated() { try index.insert(vector, id: UInt64(id)) }
        index.merge(threads: 1)
        #expect(index.graphSearch == .walk(effort: 48))
        #expect(try recall(index, vectors: data.vectors, queries: data.queries) > 0.9)
    }

    @Test func aScanOfTheGraphIsExact() throws {
        let data = HNSWTestData(count: 900, dimension: 40, queries: 30, seed: 9)
        let graph = try data.index()
        let oracle = data.bruteForce()
        for query in data.queries {
            for options in [SearchOptions(), SearchOptions(minimumSimilarity: 0.7)] {
                let found = try graph.scan(query, count: 4, options: options)
                let truth = oracle.search(query, count: 4, options: options)
                #expect(found.map(\.id) == truth.map(\.id))
            }
        }
    }
}
