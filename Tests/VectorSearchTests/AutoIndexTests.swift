import Synchronization
import Testing
import VectorSearch

@Suite struct AutoIndexTests {
    private func configuration(threshold: Int, background: Bool = false) -> AutoIndexConfiguration {
        var configuration = AutoIndexConfiguration()
        configuration.graphThreshold = threshold
        configuration.mergeThreshold = 20
        configuration.mergesInBackground = background
        return configuration
    }

    @Test func staysFlatAndExactBelowTheThreshold() throws {
        var random = SeededGenerator(seed: 1)
        let index = AutoIndex(dimension: 16, configuration: configuration(threshold: 500))
        var reference = BruteForce()
        for id in 0..<499 as Range<UInt64> {
            let vector = random.unitVector(16)
            try index.insert(vector, id: id)
            reference.insert(index.vector(id: id) ?? [], id: id)
        }
        index.merge()
        #expect(!index.hasGraph)
        let query = random.unitVector(16)
        #expect(try index.search(query, count: 20) == reference.search(query, count: 20))
    }

    @Test func buildsMergesAndDissolvesWithHysteresis() throws {
        var random = SeededGenerator(seed: 2)
        let index = AutoIndex(dimension: 16, configuration: configuration(threshold: 200))
        var vectors: [[Float]] = []
        func insert(upTo count: Int) throws {
            while vectors.count < count {
                vectors.append(random.unitVector(16))
                try index.insert(vectors[vectors.count - 1], id: UInt64(vectors.count - 1))
            }
        }
        func expectAllFound(_ range: Range<Int>) throws {
            let found = try range.filter { try index.search(vectors[$0], count: 1).first?.id == UInt64($0) }
            #expect(found.count >= range.count * 98 / 100)
        }
        try insert(upTo: 200)
        index.merge()
        #expect(index.hasGraph && index.memoryUse.links > 0 && index.count == 200)
        try insert(upTo: 260)  // wait beside the graph, and are found all the same
        try expectAllFound(0..<260)
        index.merge()
        #expect(index.count == 260)
        try expectAllFound(0..<260)
        for id in 0..<UInt64(150) { #expect(index.remove(id: id)) }
        index.merge()
        #expect(index.hasGraph, "110 entries are above the lower threshold")
        for id in 150..<UInt64(161) { #expect(index.remove(id: id)) }
        index.merge()
        #expect(!index.hasGraph && index.count == 99 && index.memoryUse.links == 0)
        for id in 161..<260 { #expect(try index.search(vectors[id], count: 1).first?.id == UInt64(id)) }
        for id in 0..<161 { #expect(!index.contains(id: UInt64(id))) }
    }

    @Test func attributesSurviveAllMoves() throws {
        var random = SeededGenerator(seed: 3)
        let index = AutoIndex(dimension: 16, configuration: configuration(threshold: 100))
        let vectors = (0..<100).map { _ in random.unitVector(16) }
        for (id, vector) in vectors.enumerated() {
            try index.insert(vector, id: UInt64(id), attributes: VectorAttributes(label: UInt32(id), expiresAt: 50))
        }
        func expectLabels(_ ids: Range<Int>) throws {
            for id in ids {
                var options = SearchOptions(filter: VectorFilter(label: UInt32(id), notExpiredAt: 49))
                #expect(try index.search(vectors[id], count: 3, options: options).map(\.id) == [UInt64(id)])
                options.filter?.notExpiredAt = 50
                #expect(try index.search(vectors[id], count: 3, options: options).isEmpty)
            }
        }
        index.merge()
        #expect(index.hasGraph)
        try expectLabels(0..<100)
        for id in 0..<UInt64(60) { index.remove(id: id) }
        index.merge()
        #expect(!index.hasGraph)
        try expectLabels(60..<100)
    }

    @Test func asksForMoreThanThereIs() throws {
        var random = SeededGenerator(seed: 6)
        let index = AutoIndex(dimension: 16, configuration: configuration(threshold: 100))
        for id in 0..<130 as Range<UInt64> {
            try index.insert(random.unitVector(16), id: id)
            if id == 110 { index.merge() }  // the rest waits beside the graph
        }
        #expect(index.hasGraph && index.flatCount == 19)
        #expect(try index.search(random.unitVector(16), count: .max).count == 130)
    }

    @Test func isDeterministicWithoutTheBackgroundTask() throws {
        func answers() throws -> [[Neighbor]] {
            var random = SeededGenerator(seed: 4)
            let index = AutoIndex(dimension: 24, configuration: configuration(threshold: 100))
            for id in 0..<400 as Range<UInt64> {
                try index.insert(random.unitVector(24), id: id)
                if id % 50 == 0 { index.merge(threads: 1) }
            }
            return try (0..<20).map { _ in try index.search(random.unitVector(24), count: 5) }
        }
        #expect(try answers() == answers())
    }

    /// An entry is found from the end of its insertion to the start of its removal, whatever moves meanwhile.
    @Test func nothingIsLostWhileEntriesMove() async throws {
        let index = AutoIndex(dimension: 16, configuration: configuration(threshold: 150, background: true))
        let (tasks, rounds) = (6, 400)
        let lost = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask { try Self.churn(index, task: task, rounds: rounds) }
            }
            return try await group.reduce(0, +)
        }
        #expect(lost <= tasks * rounds / 50, "searches of the graph are approximate, but not that much")
        index.merge()
        #expect(index.count == tasks * rounds / 4)
    }

    /// Inserts and removes in turns, so that the index crosses both thresholds; returns how often an entry was not found.
    private static func churn(_ index: AutoIndex, task: Int, rounds: Int) throws -> Int {
        var random = SeededGenerator(seed: UInt64(100 + task))
        var alive: [(id: UInt64, vector: [Float])] = []
        var lost = 0
        for round in 0..<rounds {
            let id = UInt64(task * rounds + round)
            let vector = random.unitVector(16)
            try index.insert(vector, id: id)
            alive.append((id, vector))
            #expect(index.contains(id: id))
            for entry in [alive[0], alive[alive.count / 2], alive[alive.count - 1]] {
                lost += try index.search(entry.vector, count: 3).contains { $0.id == entry.id } ? 0 : 1
            }
            guard alive.count > rounds / 4 else { continue }
            let victim = alive.remove(at: Int.random(in: 0..<alive.count, using: &random))
            #expect(index.remove(id: victim.id))
            #expect(try !index.search(victim.vector, count: 3).contains { $0.id == victim.id })
            // The id is free at once, also while its old entry is still on its way.
            if round % 5 == 0 {
                try index.insert(vector, id: victim.id)
                #expect(index.remove(id: victim.id))
            }
        }
        return lost
    }

    @Test(arguments: [0, 90, 170])
    func restoredIndexAnswersAsTheOriginal(count: Int) throws {
        var random = SeededGenerator(seed: 5)
        let original = AutoIndex(dimension: 16, configuration: configuration(threshold: 100))
        for id in 0..<UInt64(count) {
            try original.insert(random.unitVector(16), id: id, attributes: VectorAttributes(label: UInt32(id % 3)))
            if id == 120 { original.merge() }  // the rest waits beside the graph
        }
        let bytes = original.snapshot()
        let restored = try AutoIndex(snapshot: bytes, configuration: configuration(threshold: 100))
        #expect(restored.count == count && restored.hasGraph == original.hasGraph)
        for _ in 0..<20 {
            let query = random.unitVector(16)
            let options = SearchOptions(filter: VectorFilter(label: 1))
            #expect(try restored.search(query, count: 5) == original.search(query, count: 5))
            #expect(
                try restored.search(query, count: 5, options: options)
                    == original.search(query, count: 5, options: options)
            )
        }
        for position in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)) {
            var damaged = bytes
            damaged[position] ^= 0x20
            #expect(throws: VectorIndexError.self, "byte \(position)") {
                _ = try AutoIndex(snapshot: damaged, configuration: self.configuration(threshold: 100))
            }
        }
    }

    @Test func policyKeepsAGapBetweenItsThresholds() {
        let policy = AutoIndexPolicy(configuration: configuration(threshold: 1000), dimension: 16)
        #expect(policy.action(waiting: 999, total: 999, hasGraph: false) == .rest)
        #expect(policy.action(waiting: 1000, total: 1000, hasGraph: false) == .build)
        #expect(policy.action(waiting: 19, total: 1000, hasGraph: true) == .rest)
        #expect(policy.action(waiting: 20, total: 1000, hasGraph: true) == .merge)
        #expect(policy.action(waiting: 0, total: 500, hasGraph: true) == .rest)
        #expect(policy.action(waiting: 400, total: 499, hasGraph: true) == .dissolve)
    }

    @Test func mergedListsAreOrderedAndWithoutRepeats() {
        func neighbors(_ pairs: [(UInt64, Float)]) -> [Neighbor] { pairs.map { Neighbor(id: $0.0, similarity: $0.1) } }
        let older = neighbors([(1, 0.9), (2, 0.5), (3, 0.4)])
        let newer = neighbors([(4, 0.9), (2, 0.5), (5, 0.1)])
        #expect(AutoIndex.merge(older, newer, count: 10).map(\.id) == [1, 4, 2, 3, 5])
        #expect(AutoIndex.merge(older, newer, count: 2).map(\.id) == [1, 4])
        #expect(AutoIndex.merge([], newer, count: 2).map(\.id) == [4, 2])
        #expect(AutoIndex.merge(older, [], count: 2).map(\.id) == [1, 2])
        #expect(AutoIndex.merge(older, newer, count: 0).isEmpty)
    }
}
