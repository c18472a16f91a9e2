import Testing
import VectorKernels

@testable import VectorSearch

@Suite struct HNSWIndexTests {
    @Test(arguments: [16, 100, 384])
    func findsTheNearest(dimension: Int) throws {
        let data = HNSWTestData(count: 1000, dimension: dimension, seed: 11)
        let index = try data.index()
        #expect(index.violations == [])
        #expect(try index.recall(of: data.bruteForce(), queries: data.queries) >= 0.97)
        #expect(try index.recall(of: data.bruteForce(), queries: data.queries, count: 10) >= 0.95)
    }

    @Test func effortBuysRecall() throws {
        let data = HNSWTestData(count: 1500, dimension: 64, clusters: 4, seed: 5)
        let index = try data.index()
        let oracle = data.bruteForce()
        let recalls = try [1, 16, 256].map { effort in
            try index.recall(of: oracle, queries: data.queries, options: SearchOptions(effort: effort))
        }
        #expect(recalls[0] < recalls[2])
        #expect(recalls[1] <= recalls[2])
        #expect(recalls[2] >= 0.99)
    }

    @Test func isTheSameForAnyNumberOfThreads() throws {
        let data = HNSWTestData(count: 700, dimension: 48, seed: 3)
        let snapshots = try [1, 2, 5].map { try data.index(threads: $0).snapshot() }
        #expect(snapshots[0] == snapshots[1])
        #expect(snapshots[0] == snapshots[2])
    }

    /// More than there is costs no more than all there is, and the sizes of scratch memory do not wrap around.
    @Test(arguments: [1 << 40, 1 << 61, .max] as [Int])
    func asksForMoreThanThereIs(count: Int) throws {
        let data = HNSWTestData(count: 300, dimension: 16, seed: 4)
        let index = try data.index()
        let query = data.queries[0]
        let label = VectorFilter(label: 0)
        for filter in [nil, label] {
            let all = try index.search(query, count: 300, options: SearchOptions(filter: filter))
            #expect(all.count == 300)
            #expect(try index.scan(query, count: 0, options: SearchOptions(filter: filter)).isEmpty)
            #expect(try index.search(query, count: count, options: SearchOptions(filter: filter)) == all)
            #expect(try index.scan(query, count: count, options: SearchOptions(filter: filter)) == all)
            let thorough = SearchOptions(effort: count, filter: filter)
            #expect(try index.search(query, count: 5, options: thorough) == Array(all.prefix(5)))
        }
        // 600 entries of a label are walked for, not compared one by one.
        let walked = try HNSWTestData(count: 600, dimension: 16, seed: 4).index()
        let options = SearchOptions(effort: count, filter: label)
        #expect(try walked.search(query, count: count, options: options).count == 600)
    }

    @Test func oneByOneIsAsGoodAsInBulk() throws {
        let data = HNSWTestData(count: 1000, dimension: 64, seed: 8)
        let index = HNSWIndex(dimension: 64)
        for (id, vector) in data.vectors.enumerated() { try index.insert(vector, id: UInt64(id)) }
        #expect(index.violations == [])
        #expect(try index.recall(of: data.bruteForce(), queries: data.queries) >= 0.97)
    }

    @Test func bulkInsertionStopsAtTheFirstBadVector() throws {
        let data = HNSWTestData(count: 40, dimension: 8, seed: 2)
        let index = HNSWIndex(dimension: 8)
        var rows = data.vectors.flatMap(\.self)
        rows[25 * 8] = .nan
        let ids = Array(0..<40 as Range<UInt64>)
        #expect(throws: VectorIndexError.notFinite) { try index.insert(rows: rows, ids: ids) }
        #expect(index.count == 25)
        #expect(index.violations == [])
        #expect(throws: VectorIndexError.duplicateID(24)) {
            try index.insert(rows: data.vectors[24].map(\.self), ids: [24])
        }
        #expect(throws: VectorIndexError.dimensionMismatch(expected: 16, actual: 8)) {
            try index.insert(rows: data.vectors[0], ids: [100, 101])
        }
        #expect(index.count == 25)
    }

    @Test func equalVectorsComeInOrderOfInsertion() throws {
        let data = HNSWTestData(count: 300, dimension: 32, seed: 4)
        let index = try data.index()
        for id in 1000..<1005 as Range<UInt64> { try index.insert(data.vectors[7], id: id) }
        let found = try index.search(data.vectors[7], count: 6)
        #expect(found.map(\.id) == [7, 1000, 1001, 1002, 1003, 1004])
        #expect(found.allSatisfy { $0.similarity == found[0].similarity })
    }

    /// Hundreds of copies of one text are normal in a cache; the graph must stay connected around them.
    @Test func manyCopiesDoNotCutTheGraph() throws {
        let data = HNSWTestData(count: 300, dimension: 32, seed: 6)
        let index = try data.index()
        for id in 1000..<1400 as Range<UInt64> { try index.insert(data.vectors[9], id: id) }
        #expect(index.violations == [])
        #expect(try index.recall(of: data.bruteForce(), queries: data.queries) >= 0.95)
        for id in 1000..<1400 as Range<UInt64> { index.remove(id: id) }
        #expect(index.violations == [])
    }

    @Test func minimumSimilarityCutsTheResult() throws {
        let data = HNSWTestData(count: 800, dimension: 64, seed: 12)
        let index = try data.index()
        let oracle = data.bruteForce()
        for minimum: Float in [0.3, 0.6, 0.9] {
            let options = SearchOptions(minimumSimilarity: minimum, effort: 200)
            for query in data.queries {
                let found = try index.search(query, count: 5, options: options)
                #expect(found.allSatisfy { $0.similarity >= minimum })
            }
            #expect(try index.recall(of: oracle, queries: data.queries, count: 5, options: options) >= 0.99)
        }
    }

    @Test func rowsInAFileGiveTheSameResults() throws {
        let data = HNSWTestData(count: 700, dimension: 100, seed: 13)
        var configuration = HNSWConfiguration()
        configuration.vectorStorage = .temporaryFile(directory: "/tmp")
        let onDisk = try data.index(configuration)
        let inMemory = try data.index()
        for query in data.queries {
            #expect(try onDisk.search(query, count: 3) == inMemory.search(query, count: 3))
        }
        #expect(onDisk.memoryUse.vectors == 0)
        #expect(inMemory.memoryUse.vectors >= 700 * 400)
        #expect(onDisk.vector(id: 5) == data.vectors[5])
    }

    @Test func aMissingDirectoryMeansMemory() throws {
        var configuration = HNSWConfiguration()
        configuration.vectorStorage = .temporaryFile(directory: "/nonexistent/semcache")
        let data = HNSWTestData(count: 50, dimension: 16, seed: 1)
        let index = try data.index(configuration)
        #expect(index.memoryUse.vectors > 0)
        #expect(try index.search(data.vectors[3], count: 1).first?.id == 3)
    }

    /// What a namespace costs in memory when its float32 rows live elsewhere.
    @Test func codesAndLinksAreWellBelowTheRow() throws {
        let data = HNSWTestData(count: 1000, dimension: 384, queries: 1, seed: 14)
        var configuration = HNSWConfiguration()
        configuration.vectorStorage = .temporaryFile(directory: "/tmp")
        configuration.constructionEffort = 8
        let bytes = try data.index(configuration).graph.read { graph in
            let upperRows = Double(graph.upperCount) / Double(graph.slotCount)
            let perSlot = graph.high.rowBytes + graph.low.rowBytes + graph.links.rowBytes
            return Double(perSlot) + upperRows * Double(graph.upperLinks.rowBytes)
        }
        #expect(bytes <= 0.45 * 384 * 4)
    }
}
