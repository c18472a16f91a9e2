internal import VectorSearch

/// One check of one index: vectors to use, the slow truth, and how to say what is wrong.
struct VectorIndexTrial: Sendable {
    /// An entry as the truth sees it.
    struct Entry: Sendable {
        let id: UInt64
        let vector: [Float]
        var attributes = VectorAttributes()
    }

    let check: VectorIndexConformance.Check
    let suite: VectorIndexConformance
    let index: any VectorIndex

    var dimension: Int { suite.dimension }
    var generator: SeededGenerator { SeededGenerator(seed: suite.seed) }

    func failure(_ detail: String, file: String = #fileID, line: Int = #line) -> ConformanceFailure {
        ConformanceFailure(check: check.rawValue, detail: detail, seed: suite.seed, file: file, line: line)
    }

    func expect(
        _ condition: Bool,
        _ detail: @autoclosure () -> String,
        file: String = #fileID,
        line: Int = #line
    ) throws {
        guard condition else { throw failure(detail(), file: file, line: line) }
    }

    /// Checks that a share of successes reaches the promised recall.
    func expectRecall(_ found: Int, of total: Int, _ what: String, file: String = #fileID, line: Int = #line) throws {
        let needed = Int((suite.recall * Double(total)).rounded(.down))
        try expect(found >= needed, "\(what): \(found) of \(total), promised \(suite.recall)", file: file, line: line)
    }

    func expectThrows(
        _ error: VectorIndexError,
        file: String = #fileID,
        line: Int = #line,
        _ call: () throws -> Void
    ) throws {
        do {
            try call()
        } catch let thrown as VectorIndexError {
            return try expect(thrown == error, "expected \(error), thrown \(thrown)", file: file, line: line)
        }
        throw failure("expected \(error), nothing was thrown", file: file, line: line)
    }

    /// Entries in clusters of about ten, at unit length.
    func entries(_ count: Int, firstID: UInt64 = 0, using generator: inout SeededGenerator) -> [Entry] {
        let centres = (0..<max(1, count / 10)).map { _ in randomVector(using: &generator) }
        return (0..<count).map { number in
            let noise = randomVector(using: &generator)
            let vector = Self.unit(zip(centres[number % centres.count], noise).map { $0 + 0.6 * $1 })
            return Entry(id: firstID + UInt64(number), vector: vector)
        }
    }

    func randomVector(using generator: inout SeededGenerator) -> [Float] {
        Self.unit(
            (0..<dimension).map { _ in
                // Four uniform values are close enough to a normal one.
                (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &generator) }
            }
        )
    }

    static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return vector.map { Float(Double($0) / length) }
    }

    static func similarity(_ a: [Float], _ b: [Float]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sum = 0.0
                for position in 0..<min(a.count, b.count) { sum += Double(a[position]) * Double(b[position]) }
                return sum
            }
        }
    }

    /// The nearest entries by brute force.
    static func truth(
        _ entries: [Entry],
        query: [Float],
        count: Int,
        options: SearchOptions = SearchOptions()
    ) -> [(id: UInt64, similarity: Double)] {
        entries.filter { options.filter?.passes($0.attributes) ?? true }
            .map { (id: $0.id, similarity: similarity($0.vector, query)) }
            .filter { Float($0.similarity) >= options.minimumSimilarity }
            .sorted { $0.similarity > $1.similarity }
            .prefix(count).map { $0 }
    }
}
