import Embeddings
import SQLiteStorage
import SemanticCaching
import Synchronization

/// Writes answers into a store without opening the cache: no index is read, however large the store is.
///
/// Whoever opens the cache afterwards, with the same configuration of its namespaces, finds them in words and in meaning.
final class AnswerWriter: Sendable {
    /// What writers do with a question that was answered before.
    enum Conflict {
        /// Leave the answer that is there.
        case keep
        /// Put the new answer in its place.
        case replace
    }

    private let store: SQLiteStore
    private let embedder: (any Embedder)?
    private let scope: CacheScope
    private let timeToLive: Duration?
    private let configuration: CacheConfiguration
    private let conflict: Conflict
    private let lastQuestionID: Atomic<UInt64>
    private let epochs = Mutex<[NamespaceID: UInt64]>([:])

    /// Makes a writer for a scope; without an embedder, answers are found word for word only.
    static func make(
        store: SQLiteStore,
        embedder: (any Embedder)?,
        scope: CacheScope,
        timeToLive: Duration?,
        configuration: CacheConfiguration = CacheConfiguration(),
        conflict: Conflict
    ) async throws -> AnswerWriter {
        let last = try await store.highestQuestionID()
        return AnswerWriter(store, embedder, scope, timeToLive, configuration, conflict, after: last)
    }

    private init(
        _ store: SQLiteStore,
        _ embedder: (any Embedder)?,
        _ scope: CacheScope,
        _ timeToLive: Duration?,
        _ configuration: CacheConfiguration,
        _ conflict: Conflict,
        after lastID: UInt64
    ) {
        self.store = store
        self.embedder = embedder
        self.scope = scope
        self.timeToLive = timeToLive
        self.configuration = configuration
        self.conflict = conflict
        lastQuestionID = Atomic(lastID)
    }

    /// Writes an answer to a question and its other wordings; nil if it was there and is kept.
    func write(_ pair: QuestionAnswerPair) async throws -> EntryID? {
        try await write(try await record(of: pair))
    }

    /// Writes a record of an export; nil if it was there and is kept.
    func write(_ record: AnswerRecord) async throws -> EntryID? {
        var record = record
        record.entry.epoch = try await epoch(of: record.entry.namespace)
        if conflict == .replace { try await makeRoom(for: record) }
        try await embedMissing(in: &record)
        return try await store.take(record) { lastQuestionID.add(1, ordering: .relaxed).newValue }?.owner.id
    }

    /// How long an answer is fresh: as long as the caller says, else as long as the rules of time say.
    private func timeToLive(of pair: QuestionAnswerPair) -> Duration? {
        if let timeToLive { return timeToLive }
        let questions = [pair.question] + pair.alternatives
        return questions.compactMap { configuration.invalidation.timeToLive(of: $0, in: scope.namespace) }.min()
    }

    private func record(of pair: QuestionAnswerPair) async throws -> AnswerRecord {
        let now = SystemClock().now
        var generator = SystemRandomNumberGenerator()
        let entry = CacheEntry(
            id: EntryID(at: now, using: &generator),
            namespace: configuration.home(of: scope.namespace),
            model: scope.model,
            promptVersion: scope.promptVersion,
            reply: CachedReply(text: pair.answer),
            tags: pair.tags,
            createdAt: now,
            expiresAt: timeToLive(of: pair).map { now + $0 }
        )
        let questions = ([pair.question] + pair.alternatives).map { text in
            let key = configuration.key(of: CacheRequest(text, scope: scope))
            return CachedQuestion(
                id: 0,
                entry: entry.id,
                text: text,
                key: key.exact,
                check: key.makeCheck(),
                partition: embedder == nil ? nil : key.partition,
                createdAt: now
            )
        }
        return AnswerRecord(entry: entry, questions: questions)
    }

    /// Gives vectors to the questions that are matched in meaning and came without.
    private func embedMissing(in record: inout AnswerRecord) async throws {
        guard let embedder else { return }
        let settings = configuration.settings(for: record.entry.namespace)
        for index in record.questions.indices {
            let question = record.questions[index]
            guard question.vector == nil, question.partition != nil else { continue }
            var embedding: Embedding?
            if settings.matchesMeaning, question.text.count >= settings.minimumQuestionLength {
                // What is there already will not be stored again, and need not be embedded for that.
                if conflict == .keep, try await store.match(key: question.key) != nil { continue }
                // Refused for what it says, it would be refused again: it is matched word for word.
                do { embedding = try await embedder.embed(question.text) } catch EmbedderError.invalidInput {}
            }
            if let embedding,
                settings.reasonToDistrust(embedding, of: question.text, by: embedder.model) == nil
            {
                record.questions[index].vector = embedding.vector
                record.questions[index].embeddingModel = embedder.model.id
            } else {
                record.questions[index].partition = nil
            }
        }
    }

    /// Removes the answers that own the record's questions or its id, unless they say the same.
    private func makeRoom(for record: AnswerRecord) async throws {
        var stale: Set<EntryID> = []
        func check(_ old: CacheEntry?) {
            guard let old else { return }
            let isSame = old.reply == record.entry.reply && old.tags == record.entry.tags
            if !isSame || old.expiresAt != record.entry.expiresAt { stale.insert(old.id) }
        }
        check(try await store.entry(record.entry.id))
        for question in record.questions { check(try await store.match(key: question.key)?.entry) }
        if !stale.isEmpty { _ = try await store.remove(stale.sorted()) }
    }

    /// The namespace's epoch, under which answers are visible; the one of an export is another cache's.
    private func epoch(of namespace: NamespaceID) async throws -> UInt64 {
        if let known = epochs.withLock({ $0[namespace] }) { return known }
        let text = try await store.metadata(namespace.epochName).map { String(decoding: $0, as: UTF8.self) }
        let epoch = text.flatMap { UInt64($0) } ?? 0
        epochs.withLock { $0[namespace] = epoch }
        return epoch
    }
}
