import Testing

@testable import VectorSearch

/// Random operations against the oracle, with the structure checked on the way.
@Suite struct HNSWGraphTests {
    @Test(arguments: [8, 16, 24] as [Int], [1, 2] as [UInt64])
    func staysSoundUnderAnySequence(degree: Int, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let data = HNSWTestData(count: 600, dimension: 24, queries: 30, clusters: 6, seed: seed)
        var configuration = HNSWConfiguration()
        configuration.maximumDegree = degree
        configuration.constructionEffort = 32
        let index = HNSWIndex(dimension: 24, configuration: configuration)
        var oracle = BruteForce()
        var nextID: UInt64 = 0
        // Grows, shrinks to nothing and grows again.
        let shares: [Double] = [0.9, 0.5, 0.1, 0.0, 0.8]
        for share in shares {
            for step in 0..<250 {
                if oracle.count == 0 || Double.random(in: 0..<1, using: &random) < share {
                    let vector = data.vectors[Int.random(in: 0..<600, using: &random)]
                    try index.insert(vector, id: nextID, attributes: VectorAttributes(label: UInt32(nextID % 3)))
                    oracle.insert(vector, id: nextID)
                    nextID += 1
                } else if let id = oracle.ids.randomElement(using: &random) {
                    #expect(index.remove(id: id) == oracle.remove(id: id))
                }
                if step % 80 == 0 { #expect(index.violations == [], "seed \(seed), step \(step)") }
            }
            #expect(index.violations == [], "seed \(seed)")
            #expect(index.count == oracle.count)
            let options = SearchOptions(effort: 128)
            let recall = try index.recall(of: oracle, queries: data.queries, count: 3, options: options)
            #expect(recall >= 0.98, "seed \(seed), \(oracle.count) entries")
        }
        #expect(index.graph.read { $0.brokenHeals } == 0)
    }

    @Test func removingTheEntryOfSearchesMovesIt() throws {
        let data = HNSWTestData(count: 400, dimension: 16, seed: 9)
        let index = try data.index()
        var left = 400
        while left > 0 {
            let id = index.graph.read { $0.ids[Int($0.entrySlot)] }
            #expect(index.remove(id: id))
            left -= 1
            if left % 25 == 0 { #expect(index.violations == []) }
        }
        #expect(index.count == 0)
        #expect(try index.search(data.queries[0], count: 1).isEmpty)
        try index.insert(data.vectors[0], id: 1)
        #expect(try index.search(data.vectors[0], count: 1).map(\.id) == [1])
    }

    @Test func slotsAreUsedAgainAndNeverAnswerForTheOld() throws {
        let data = HNSWTestData(count: 500, dimension: 32, seed: 10)
        let index = try data.index()
        let slots = index.graph.read { $0.slotCount }
        for round in 1...4 as ClosedRange<UInt64> {
            for id in 0..<500 as Range<UInt64> {
                #expect(index.remove(id: (round - 1) * 1000 + id))
                try index.insert(data.vectors[Int((id + round) % 500)], id: round * 1000 + id)
            }
            for id in 0..<500 as Range<UInt64> {
                #expect(!index.contains(id: (round - 1) * 1000 + id))
                #expect(index.vector(id: round * 1000 + id) == data.vectors[Int((id + round) % 500)])
            }
            #expect(index.graph.read { $0.slotCount } == slots)
            #expect(index.violations == [])
        }
    }

    /// Replacing everything twice must not wear the graph out.
    @Test func churnKeepsRecall() throws {
        let data = HNSWTestData(count: 1000, dimension: 48, queries: 100, clusters: 12, seed: 21)
        let index = try data.index()
        let oracle = data.bruteForce()
        let options = SearchOptions(effort: 24)
        let fresh = try index.recall(of: oracle, queries: data.queries, count: 4, options: options)
        var random = SeededGenerator(seed: 22)
        var owner = Array(0..<UInt64(1000))
        for number in 0..<2000 as Range<UInt64> {
            let row = Int.random(in: 0..<1000, using: &random)
            index.remove(id: owner[row])
            owner[row] = 10_000 + number
            try index.insert(data.vectors[row], id: owner[row])
        }
        #expect(index.violations == [])
        let worn = try index.recall(of: oracle, queries: data.queries, count: 4, options: options)
        #expect(worn >= fresh - 0.02, "fresh \(fresh), after churn \(worn)")
        let degrees = index.graph.read { graph in (0..<1000).map { graph.degree(UInt32($0), level: 0) } }
        #expect(degrees.reduce(0, +) / 1000 >= 10)
    }

    /// Without a sanitizer an array that reserved too much got a size that wrapped around and grew; with one, it had room
    /// for 2^63 elements in 28 bytes, and what it held overwrote the heap.
    @Test func unlimitedSelectionReservesWhatItCanUse() throws {
        let data = HNSWTestData(count: 60, dimension: 16, seed: 31)
        let selected = try data.index().graph.read { graph in
            HNSWScratch.with { scratch in
                let candidates = RankedNodes(slots: Array(0..<60), scores: Array(repeating: .max, count: 60))
                return graph.selectDiverse(candidates, limit: .max, scratch: scratch).selected
            }
        }
        #expect(selected == Array(0..<60), "nothing is closer to another than to this centre")
        #expect((60..<256).contains(selected.capacity))
    }

    /// The checker itself must see damage.
    @Test func theCheckerSeesDamage() throws {
        let data = HNSWTestData(count: 200, dimension: 16, seed: 30)
        let oneWay = try data.index()
        oneWay.graph.write { graph in
            let list = graph.list(0, level: 0)
            list[graph.degree(0, level: 0) - 1] = .max
        }
        #expect(oneWay.violations.contains { $0.contains("not the other way") })
        let dangling = try data.index()
        dangling.graph.write { $0.releaseSlot(0) }
        #expect(dangling.violations.contains { $0.contains("which is no entry") })
        let apart = try data.index()
        apart.graph.write { graph in
            let neighbors = (0..<graph.degree(5, level: 0)).map { graph.list(5, level: 0)[$0] }
            for neighbor in neighbors { graph.unlink(5, neighbor, level: 0) }
        }
        #expect(apart.violations.contains { $0.contains("can be reached") })
    }
}
