public import SemanticCaching

/// A labelled stream with everything that a replay needs computed once.
public struct ReplayTrace: Sendable {
    /// The requests.
    public let queries: [StreamQuery]
    /// Their texts, analysed.
    public let texts: [AnalyzedText]
    /// Their vectors.
    public let vectors: EmbeddingTable
    /// The cosine of every two requests, row by row.
    let similarities: [Float]
    /// The context of each request, as a number.
    let contexts: [Int]

    /// Analyses a stream.
    ///
    /// - Throws: ``TuningError/mismatchedVectors(expected:found:)``.
    /// - Complexity: O(*n*² · *d*) for *n* requests; *n*² floats of memory.
    public init(queries: [StreamQuery], vectors: EmbeddingTable) throws(TuningError) {
        guard vectors.count == queries.count else {
            throw .mismatchedVectors(expected: queries.count, found: vectors.count)
        }
        self.queries = queries
        self.vectors = vectors
        texts = queries.map { AnalyzedText($0.text) }
        var numbers: [String?: Int] = [:]
        contexts = queries.map { query in
            let number = numbers[query.context] ?? numbers.count
            numbers[query.context] = number
            return number
        }
        let count = queries.count
        let dimension = vectors.dimension
        similarities = [Float](unsafeUninitializedCapacity: count * count) { buffer, initialized in
            vectors.values.withUnsafeBufferPointer { values in
                for i in 0..<count {
                    for j in 0...i {
                        let cosine = EmbeddingTable.dot(values, i * dimension, values, j * dimension, dimension)
                        buffer[i * count + j] = cosine
                        buffer[j * count + i] = cosine
                    }
                }
            }
            initialized = count * count
        }
    }

    /// The part of the trace in the given rows.
    ///
    /// - Throws: ``TuningError/mismatchedVectors(expected:found:)``, never for rows of this trace.
    public func selecting(_ rows: [Int]) throws(TuningError) -> ReplayTrace {
        let dimension = vectors.dimension
        let values = rows.flatMap { vectors.values[$0 * dimension..<($0 + 1) * dimension] }
        return try ReplayTrace(
            queries: rows.map { queries[$0] },
            vectors: EmbeddingTable(dimension: dimension, values: values)
        )
    }

    /// The hit rate that nothing can beat: every request but the first of each group.
    public func ceiling(of order: [Int]) -> Double {
        order.isEmpty ? 0 : 1 - Double(Set(order.map { queries[$0].group }).count) / Double(order.count)
    }
}
