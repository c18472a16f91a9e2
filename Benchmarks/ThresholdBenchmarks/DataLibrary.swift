import CacheTuning
import Embeddings
import FoundationEssentials
import LocalEmbeddings
import SemanticCaching

/// The labelled sets with their vectors.
final class DataLibrary {
    let folder: String
    let vectorFolder: String
    private var traces: [String: ReplayTrace] = [:]
    private var priors: [String: ShippedPrior] = [:]

    /// The streams that are measured, by file name; nil for all.
    private let chosen: [String]?

    init(folder: String, vectorFolder: String, streams: [String]? = nil) {
        chosen = streams
        self.folder = folder
        self.vectorFolder = vectorFolder
    }

    /// The streams, by file name and title.
    static let streams = [
        ("stream_banking77", "Banking77"), ("stream_clinc150_oos", "CLINC150 + out of scope"),
        ("stream_qqp", "Quora clusters"), ("stream_hwu64_slots", "HWU64 with slots"),
    ]

    /// The file names of the streams, for a person.
    static let names = streams.map(\.0).joined(separator: ", ")

    /// The streams whose tuning halves the prior is fitted on: their licences allow more than measuring.
    static let priorStreams = ["stream_banking77", "stream_clinc150_oos", "stream_hwu64_slots"]

    /// The prior of all streams but one, as somebody has it whose questions nobody has seen.
    func prior(without name: String) async throws -> ShippedPrior? {
        let names = Self.priorStreams.filter { $0 != name && has($0) }
        guard !names.isEmpty else { return nil }
        let key = names.joined(separator: ", ")
        if let known = priors[key] { return known }
        var parts: [String: (trace: ReplayTrace, rows: [Int])] = [:]
        for name in names {
            let trace = try await trace(name)
            parts[Self.title(name)] = (trace, trace.rows(ofHalf: 0))
        }
        let model = try model().id
        let day = String(Date().formatted(.iso8601).prefix(10))
        let prior = PriorTraining(parts, embeddingModel: model).prior(on: day)
        priors[key] = prior
        return prior
    }

    /// The model that the vectors are of.
    func model() throws -> EmbeddingModel { try BERTEmbedder.load(folder: BERTEmbedder.defaultFolder()).model }

    private static func title(_ name: String) -> String { streams.first { $0.0 == name }?.1 ?? name }

    /// The streams that are there and asked for.
    var measured: [(String, String)] {
        Self.streams.filter { name, _ in has(name) && (chosen?.contains(name) ?? true) }
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name).jsonl") }

    func pairs(_ name: String) async throws -> (pairs: [LabelledPair], vectors: EmbeddingTable) {
        let pairs = try PairReader.pairs(ofFile: "\(folder)/\(name).jsonl")
        return (pairs, try await vectors(name, texts: pairs.flatMap { [$0.first, $0.second] }))
    }

    func trace(_ name: String) async throws -> ReplayTrace {
        if let known = traces[name] { return known }
        let queries = try StreamReader.queries(ofFile: "\(folder)/\(name).jsonl")
        let trace = try ReplayTrace(queries: queries, vectors: await vectors(name, texts: queries.map(\.text)))
        traces[name] = trace
        return trace
    }

    /// The vectors of texts: from the folder if they were made before, otherwise from the local model.
    func vectors(_ name: String, texts: [String]) async throws -> EmbeddingTable {
        let path = "\(vectorFolder)/\(name).fbin"
        if let known = try? EmbeddingTable(fbin: path), known.count == texts.count { return known }
        let embedder = try BERTEmbedder.load(folder: BERTEmbedder.defaultFolder())
        let unique = Array(Set(texts)).sorted()
        var byText: [String: [Float]] = [:]
        for start in stride(from: 0, to: unique.count, by: 512) {
            let batch = Array(unique[start..<min(start + 512, unique.count)])
            for (text, embedding) in zip(batch, try await embedder.embed(batch)) { byText[text] = embedding.vector }
        }
        let table = EmbeddingTable(dimension: embedder.model.dimension, values: texts.flatMap { byText[$0] ?? [] })
        try FileManager.default.createDirectory(atPath: vectorFolder, withIntermediateDirectories: true)
        try table.write(fbin: path)
        return table
    }
}

extension ReplayTrace {
    /// The rows of one half of the groups: the half is drawn once for each group, by its number.
    func rows(ofHalf half: UInt64, seed: UInt64 = 0) -> [Int] {
        queries.indices.filter { index in
            SplitMix64.drawn(for: UInt64(queries[index].group) &+ seed &* 1_000_003) & 1 == half
        }
    }

    /// Rows, by default all, in a random order.
    func order(seed: Int, of rows: [Int]? = nil) -> [Int] {
        var generator = SplitMix64(seed: UInt64(seed))
        return (rows ?? Array(queries.indices)).shuffled(using: &generator)
    }
}

extension SplitMix64 {
    /// What is drawn once for a number.
    ///
    /// It stays what it was: the prior that ships was fitted on one of these halves, and vectors are kept of these texts.
    static func drawn(for number: UInt64) -> UInt64 {
        var generator = SplitMix64(state: number &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1)
        return generator.next()
    }
}
