import VectorSearch

/// The oracle: every inner product in double precision by the plain loop, a stable sort, nothing else.
struct BruteForce {
    private var entries: [(id: UInt64, vector: [Float], attributes: VectorAttributes)] = []

    var count: Int { entries.count }
    var ids: [UInt64] { entries.map(\.id) }

    mutating func insert(_ vector: [Float], id: UInt64, attributes: VectorAttributes = VectorAttributes()) {
        entries.append((id, vector, attributes))
    }

    mutating func remove(id: UInt64) -> Bool {
        guard let position = entries.firstIndex(where: { $0.id == id }) else { return false }
        entries.remove(at: position)
        return true
    }

    func search(_ query: [Float], count: Int, options: SearchOptions = SearchOptions()) -> [Neighbor] {
        var scored: [(order: Int, id: UInt64, similarity: Double)] = []
        for (order, entry) in entries.enumerated() {
            if let filter = options.filter, !filter.passes(entry.attributes) { continue }
            let similarity = Self.dot(query, entry.vector)
            if Float(similarity) >= options.minimumSimilarity { scored.append((order, entry.id, similarity)) }
        }
        scored.sort { ($1.similarity, $0.order) < ($0.similarity, $1.order) }
        return scored.prefix(count).map { Neighbor(id: $0.id, similarity: Float($0.similarity)) }
    }

    static func dot(_ a: [Float], _ b: [Float]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sum = 0.0
                for index in a.indices { sum += Double(a[index]) * Double(b[index]) }
                return sum
            }
        }
    }
}
