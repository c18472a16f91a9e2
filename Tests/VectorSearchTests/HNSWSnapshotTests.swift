import Testing

@testable import VectorSearch

@Suite struct HNSWSnapshotTests {
    /// An index with removed entries, reused slots and free ones.
    private func sample() throws -> (HNSWIndex, HNSWTestData) {
        let data = HNSWTestData(count: 300, dimension: 20, queries: 20, seed: 51)
        var configuration = HNSWConfiguration()
        configuration.maximumDegree = 8
        let index = try data.index(configuration)
        for id in 0..<80 as Range<UInt64> { index.remove(id: id * 3) }
        for id in 0..<30 as Range<UInt64> {
            try index.insert(data.vectors[Int(id)], id: 1000 + id, attributes: VectorAttributes(label: 4, expiresAt: 9))
        }
        return (index, data)
    }

    @Test func restoresEverything() throws {
        let (index, data) = try sample()
        let bytes = index.snapshot()
        let copy = try HNSWIndex(snapshot: bytes)
        #expect(copy.count == index.count)
        #expect(copy.violations == [])
        #expect(copy.snapshot() == bytes)
        for query in data.queries { #expect(try copy.search(query, count: 5) == index.search(query, count: 5)) }
        // The copy goes on living: slots, upper rows and labels were restored as well.
        for id in 0..<300 as Range<UInt64> where copy.contains(id: id) { copy.remove(id: id) }
        for id in 0..<300 as Range<UInt64> { try copy.insert(data.vectors[Int(id)], id: 5000 + id) }
        #expect(copy.violations == [])
        let options = SearchOptions(filter: VectorFilter(label: 4))
        #expect(try copy.search(data.queries[0], count: 50, options: options).count == 30)
    }

    /// Upper rows that several entries left lie beside each other and are one run in the copy: all of it must be used again.
    @Test func upperRowsAreUsedAgainAfterEachRestart() throws {
        let data = HNSWTestData(count: 900, dimension: 12, seed: 53)
        var configuration = HNSWConfiguration()
        configuration.maximumDegree = 8
        configuration.constructionEffort = 16
        var index = try data.index(configuration)
        let rows = index.graph.read { $0.upperCount }
        for id in 450..<900 as Range<UInt64> { #expect(index.remove(id: id)) }
        for round in 0..<6 {
            index = try HNSWIndex(snapshot: index.snapshot())
            let first = 1000 * UInt64(round + 1)
            for id in first..<first + 150 { try index.insert(data.vectors[Int(id - first)], id: id) }
            #expect(index.graph.read { $0.upperCount } == rows, "round \(round)")
            for id in first..<first + 150 { #expect(index.remove(id: id)) }
        }
        #expect(index.violations == [])
    }

    @Test func restoresAnEmptyIndex() throws {
        let copy = try HNSWIndex(snapshot: HNSWIndex(dimension: 12).snapshot())
        #expect(copy.count == 0 && copy.dimension == 12)
        #expect(try copy.search([Float](repeating: 1, count: 12), count: 1).isEmpty)
    }

    @Test func restoresIntoAFile() throws {
        let (index, data) = try sample()
        let copy = try HNSWIndex(snapshot: index.snapshot(), vectorStorage: .temporaryFile(directory: "/tmp"))
        #expect(copy.memoryUse.vectors == 0)
        for query in data.queries { #expect(try copy.search(query, count: 5) == index.search(query, count: 5)) }
    }

    /// Any changed byte is found: all of the header and table, and a random choice of the rest.
    @Test func everyDamagedByteIsFound() throws {
        let bytes = try sample().0.snapshot()
        var random = SeededGenerator(seed: 52)
        var positions = Array(0..<(64 + 12 * 32))
        positions += (0..<400).map { _ in Int.random(in: 0..<bytes.count, using: &random) }
        for position in positions {
            var damaged = bytes
            damaged[position] ^= UInt8.random(in: 1...255, using: &random)
            #expect(throws: VectorIndexError.self, "byte \(position)") { try HNSWIndex(snapshot: damaged) }
        }
        for length in (0..<40).map({ _ in Int.random(in: 0..<bytes.count, using: &random) }) {
            #expect(throws: VectorIndexError.self) { try HNSWIndex(snapshot: Array(bytes[..<length])) }
        }
    }

    /// Checksums say nothing about who wrote a file: structures that no index holds are refused with right checksums too.
    @Test(arguments: Forgery.allCases)
    func refusesWhatNoIndexHolds(_ forgery: Forgery) throws {
        let (index, _) = try sample()
        let live = try #require(index.graph.read { graph in (0..<graph.slotCount).first { graph.states[$0] == .live } })
        index.graph.write { graph in
            let list = graph.list(UInt32(live), level: 0)
            switch forgery {
            case .linkOutside: list[0] = 1_000_000
            case .linkToFreeSlot: list[0] = graph.freeSlots[0]
            case .linkToItself: list[0] = UInt32(live)
            case .linkBehindEnd:
                list[graph.degreeLimit(level: 0) - 1] = 1
                list[3] = .max
            case .linkOneWay:
                let stranger = (0..<graph.slotCount).first {
                    graph.states[$0] == .live && $0 != live && !graph.areLinked(UInt32(live), UInt32($0), level: 0)
                }
                list[0] = UInt32(stranger ?? live)
            case .linkMissing: list[graph.degree(UInt32(live), level: 0) - 1] = .max
            case .linkTwice:
                // From both sides, so that each link has its counterpart.
                for slot in 0..<UInt32(graph.slotCount) where graph.states[Int(slot)] == .live {
                    let neighbor = graph.list(slot, level: 0)[0]
                    guard graph.degree(slot, level: 0) < 16, graph.degree(neighbor, level: 0) < 16 else { continue }
                    return graph.link(slot, neighbor, level: 0)
                }
            case .upperLinkOneWay:
                let upper = (0..<graph.slotCount).filter { graph.states[$0] == .live && graph.levels[$0] > 0 }
                let strangers = upper.filter { !graph.areLinked(UInt32(upper[0]), UInt32($0), level: 1) }
                graph.list(UInt32(upper[0]), level: 1)[0] = UInt32(strangers.last ?? upper[0])
            case .levelTooHigh: graph.levels[live] = 200
            case .entryOutside: graph.entrySlot = 1_000_000
            case .entryOfNothing: graph.entrySlot = .max
            case .upperRowsShared:
                let upper = (0..<graph.slotCount).filter { graph.states[$0] == .live && graph.levels[$0] > 0 }
                graph.upperStart[upper[0]] = graph.upperStart[upper[1]]
            case .idTwice: graph.ids[live] = 1000
            case .rowTooLong: graph.rows.row(live)[0] = 3
            case .rowNotFinite: graph.rows.row(live)[0] = .nan
            case .stampFromTheFuture: graph.stamps[live] = .max
            }
        }
        let bytes = index.snapshot()
        #expect(throws: VectorIndexError.self) { try HNSWIndex(snapshot: bytes) }
    }

    enum Forgery: CaseIterable {
        case linkOutside, linkToFreeSlot, linkToItself, linkBehindEnd, levelTooHigh, entryOutside, entryOfNothing
        case linkOneWay, linkMissing, linkTwice, upperLinkOneWay
        case upperRowsShared, idTwice, rowTooLong, rowNotFinite, stampFromTheFuture
    }
}
