import CacheTuning
import Embeddings
import SemanticCaching

/// Labelled data with the vectors that measuring needs.
enum TuningData {
    /// Pairs with the vectors of both sides, two by two.
    static func metrics(of pairs: [LabelledPair], embedder: any Embedder) async throws -> PairMetrics {
        let texts = pairs.flatMap { [$0.first, $0.second] }
        return try PairMetrics(pairs, vectors: try await table(of: texts, embedder: embedder))
    }

    /// A stream with the vectors of its requests.
    static func trace(of queries: [StreamQuery], embedder: any Embedder) async throws -> ReplayTrace {
        try ReplayTrace(queries: queries, vectors: try await table(of: queries.map(\.text), embedder: embedder))
    }

    /// Up to so many rows, drawn at random and in their order: the first rows of a file are often of a few kinds only.
    static func sample<Row>(_ rows: [Row], _ limit: Int, seed: UInt64) -> [Row] {
        guard rows.count > limit else { return rows }
        var generator = SplitMix64(seed: seed, stream: 2)
        return rows.indices.shuffled(using: &generator).prefix(limit).sorted().map { rows[$0] }
    }

    private static func table(of texts: [String], embedder: any Embedder) async throws -> EmbeddingTable {
        let distinct = Array(Set(texts)).sorted()
        let vectors = try await Progress.embed(distinct, with: embedder)
        let vectorByText = Dictionary(zip(distinct, vectors.map(\.vector)), uniquingKeysWith: { first, _ in first })
        return EmbeddingTable(
            dimension: embedder.model.dimension,
            values: texts.flatMap { vectorByText[$0] ?? [] }
        )
    }
}
