internal import Embeddings
internal import Synchronization

extension SemanticCache {
    /// Takes in an answer of an export, which is found at once, in words and in meaning; false if it was there.
    ///
    /// Other replicas get it through the shared tier, with all its wordings.
    ///
    /// Questions that come without a vector of this cache's model are embedded; while the embedder is down they are found
    /// word for word only.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`, or `dimensionMismatch` for vectors that do not fit.
    package func add(_ record: AnswerRecord) async throws -> Bool {
        await shared?.tier.waitForRoom()
        var record = record
        let namespace = namespaces[record.entry.namespace]
        // The epoch of an export is another cache's; under it the answer might be invisible here.
        record.entry.epoch = namespace.epoch
        for index in record.questions.indices { await embed(&record.questions[index], namespace.settings) }
        let added = try await store.add(record) { lastQuestionID.add(1, ordering: .relaxed).newValue }
        guard let added else { return false }
        for question in added {
            try publish(question, in: record.entry.namespace)
            noteMissingVector(of: question)
        }
        let bytes = record.entry.byteCount(with: added)
        let settings = namespace.settings
        let gone = namespace.retention.insert(record.entry, bytes: bytes, settings: settings, now: clock.now)
        _ = try await evict(gone, from: namespace, cause: .overflow)
        for (place, question) in added.enumerated() {
            shared?.tier.publish(record.entry, question: question, isAlias: place > 0)
        }
        return true
    }

    /// Gives a question the vector that this cache compares by.
    private func embed(_ question: inout CachedQuestion, _ settings: NamespaceSettings) async {
        guard let embedder, question.partition != nil, question.text.count >= settings.minimumQuestionLength else {
            return
        }
        let isUsable =
            question.embeddingModel == embedder.model.id
            && question.vector?.count == embedder.model.dimension
        guard !isUsable else { return }
        let embedding = try? await embedder.embedding(of: question.text)
        guard let embedding, settings.reasonToDistrust(embedding, of: question.text, by: embedder.model) == nil else {
            return
        }
        question.vector = embedding.vector
        question.embeddingModel = embedder.model.id
    }
}
