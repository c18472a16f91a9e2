internal import Synchronization

/// Remembers the embeddings of recent texts, so that a text is embedded once however often it is asked.
///
///     let embedder = MemoizingEmbedder(base: model, maximumEntries: 10_000)
///     _ = try await embedder.embed("hello")
///     _ = try await embedder.embed("hello")       // no call of the model
///     embedder.statistics.hits                    // 1
///
/// Entries are found by the text itself, byte by byte, so that two texts never share one; the least recently used goes
/// first. An entry of *d* components takes about 4 *d* + 200 bytes and its text. Failures are not remembered.
public final class MemoizingEmbedder: Embedder {
    /// How often the memo helped.
    public struct Statistics: Hashable, Sendable {
        /// Texts that were found, including repetitions within one call.
        public var hits: Int
        /// Texts that the model embedded.
        public var misses: Int
        /// Entries held now.
        public var entries: Int

        /// Creates counts.
        public init(hits: Int = 0, misses: Int = 0, entries: Int = 0) {
            self.hits = hits
            self.misses = misses
            self.entries = entries
        }
    }

    private struct State {
        var table: MemoTable<Embedding>
        var hits = 0
        var misses = 0
    }

    private let base: any Embedder
    private let maximumTextBytes: Int
    private let state: Mutex<State>

    /// The wrapped embedder's model.
    public var model: EmbeddingModel { base.model }

    /// Wraps an embedder.
    ///
    /// - Parameters:
    ///   - base: the model that embeds what is not remembered.
    ///   - maximumEntries: texts remembered. Default 10,000.
    ///   - maximumTextBytes: a longer text is embedded each time, which bounds the memo's memory. Default 8 KiB.
    public init(base: any Embedder, maximumEntries: Int = 10_000, maximumTextBytes: Int = 8192) {
        self.base = base
        self.maximumTextBytes = maximumTextBytes
        state = Mutex(State(table: MemoTable(capacity: maximumEntries)))
    }

    /// The counts since the start.
    public var statistics: Statistics {
        state.withLock { Statistics(hits: $0.hits, misses: $0.misses, entries: $0.table.count) }
    }

    /// Embeds the texts, in order; only those that are not remembered go to the model, each once, in one call.
    ///
    /// - Throws: what the wrapped embedder throws, and ``EmbedderError/invalidResponse(_:)``.
    public func embed(_ texts: [String]) async throws -> [Embedding] {
        var found = state.withLock { state in texts.map { state.table.value(for: $0) } }
        var missing = MissingTexts()
        for (position, text) in texts.enumerated() where found[position] == nil { missing.add(text, at: position) }
        guard !missing.texts.isEmpty else {
            state.withLock { $0.hits += texts.count }
            return found.compactMap(\.self)
        }
        let fresh = try await base.embed(missing.texts)
        guard fresh.count == missing.texts.count else {
            throw EmbedderError.invalidResponse("\(missing.texts.count) texts gave \(fresh.count) vectors")
        }
        for (index, positions) in missing.positions.enumerated() {
            for position in positions { found[position] = fresh[index] }
        }
        state.withLock { state in
            state.misses += fresh.count
            state.hits += texts.count - fresh.count
            for (text, embedding) in zip(missing.texts, fresh) where text.utf8.count <= maximumTextBytes {
                state.table.insert(embedding, for: text)
            }
        }
        return found.compactMap(\.self)
    }
}

/// The distinct texts of a call that have to be embedded, each with the positions that want it.
private struct MissingTexts {
    private(set) var texts: [String] = []
    private(set) var positions: [[Int]] = []
    private var index: [[UInt8]: Int] = [:]

    mutating func add(_ text: String, at position: Int) {
        let key = Array(text.utf8)
        if let known = index[key] {
            positions[known].append(position)
        } else {
            index[key] = texts.count
            texts.append(text)
            positions.append([position])
        }
    }
}
