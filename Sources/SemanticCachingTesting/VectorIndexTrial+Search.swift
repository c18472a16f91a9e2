internal import VectorSearch

extension VectorIndexTrial {
    func reportsTrueSimilarities() throws {
        var generator = generator
        let entries = entries(400, using: &generator)
        for entry in entries { try index.insert(entry.vector, id: entry.id) }
        for count in [0, 1, 7, 50] {
            let query = randomVector(using: &generator)
            let found = try index.search(query, count: count)
            try expect(found.count == count, "\(found.count) results instead of \(count)")
            try expect(Set(found.map(\.id)).count == count, "an entry was found twice")
            for (left, right) in zip(found, found.dropFirst()) {
                try expect(left.similarity >= right.similarity, "results are not ordered by similarity")
            }
            for neighbor in found {
                let expected = Self.similarity(entries[Int(neighbor.id)].vector, query)
                try expect(
                    abs(Double(neighbor.similarity) - expected) < 1e-5,
                    "entry \(neighbor.id) has similarity \(expected), reported \(neighbor.similarity)"
                )
            }
        }
    }

    func findsTheNearest() throws {
        var generator = generator
        let entries = entries(800, using: &generator)
        for entry in entries { try index.insert(entry.vector, id: entry.id) }
        var (best, few, wanted) = (0, 0, 0)
        for round in 0..<100 {
            let noise = randomVector(using: &generator)
            let query = Self.unit(zip(entries[round * 8].vector, noise).map { $0 + 0.5 * $1 })
            let truth = Self.truth(entries, query: query, count: 5)
            let found = try index.search(query, count: 5)
            best += found.first?.id == truth.first?.id ? 1 : 0
            few += Set(found.map(\.id)).intersection(truth.map(\.id)).count
            wanted += truth.count
        }
        try expectRecall(best, of: 100, "nearest entries")
        try expectRecall(few, of: wanted, "five nearest entries")
    }

    func filters() throws {
        var generator = generator
        var entries = entries(600, using: &generator)
        for position in entries.indices {
            entries[position].attributes = VectorAttributes(
                label: UInt32(position % 4),
                expiresAt: position % 3 == 0 ? 1000 : .max
            )
            try index.insert(
                entries[position].vector,
                id: entries[position].id,
                attributes: entries[position].attributes
            )
        }
        var (found, wanted) = (0, 0)
        for filter in [
            VectorFilter(label: 2), VectorFilter(notExpiredAt: 1000), VectorFilter(label: 1, notExpiredAt: 999),
            VectorFilter(label: 77), VectorFilter(),
        ] {
            for floor in [Float(-1), 0.6] {
                for round in 0..<10 {
                    let options = SearchOptions(minimumSimilarity: floor, filter: filter)
                    let query = entries[round * 59].vector
                    let truth = Self.truth(entries, query: query, count: 4, options: options)
                    let results = try index.search(query, count: 4, options: options)
                    for result in results {
                        try expect(
                            filter.passes(entries[Int(result.id)].attributes),
                            "entry \(result.id) does not pass"
                        )
                        try expect(result.similarity >= floor, "similarity \(result.similarity) is below \(floor)")
                    }
                    found += Set(results.map(\.id)).intersection(truth.map(\.id)).count
                    wanted += truth.count
                }
            }
        }
        try expectRecall(found, of: wanted, "entries that pass the filter")
    }

    func survivesConcurrentCalls() async throws {
        let (tasks, rounds) = (8, 60)
        let found = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask { try self.insertAndRemove(task: task, rounds: rounds) }
            }
            return try await group.reduce(0, +)
        }
        try expectRecall(found, of: tasks * rounds, "entries found between insertion and removal")
        try expect(index.count == tasks * rounds / 2, "\(index.count) entries are left of \(tasks * rounds / 2)")
    }

    /// Inserts entries of its own, looks for them, and removes every other one; returns how many were found.
    private func insertAndRemove(task: Int, rounds: Int) throws -> Int {
        var sightings = 0
        var generator = SeededGenerator(seed: suite.seed &+ UInt64(task) &* 7919)
        let entries = entries(rounds, firstID: UInt64(task * 1_000_000), using: &generator)
        for (round, entry) in entries.enumerated() {
            try index.insert(entry.vector, id: entry.id)
            let found = try index.search(entry.vector, count: 2).contains { $0.id == entry.id }
            sightings += found ? 1 : 0
            guard round % 2 == 1 else { continue }
            try expect(index.remove(id: entry.id), "entry \(entry.id) is gone before its removal")
            let ghost = try index.search(entry.vector, count: 2).contains { $0.id == entry.id }
            try expect(!ghost, "entry \(entry.id) is found after its removal")
        }
        for entry in entries where !index.contains(id: entry.id) && entry.id % 2 == 0 {
            throw failure("entry \(entry.id) is lost")
        }
        return sightings
    }
}
