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
        var removalsExpected = removals.load(ordering: .acquiring)
        let taken = try await store.take(record) { lastQuestionID.add(1, ordering: .relaxed).newValue }
        guard let taken else { return false }
        removalsExpected += noteReplacement(of: taken.replaced, in: namespace)
        for question in taken.questions {
            try publish(question, in: taken.owner.namespace)
            noteMissingVector(of: question)
        }
        let isKept = try await account(for: taken, in: namespace)
        guard isKept,
            await !forgetIfGone(taken.owner.id, taken.questions, in: namespace, since: removalsExpected)
        else { return true }
        for (place, question) in taken.questions.enumerated() {
            shared?.tier.publish(taken.owner, question: question, isAlias: place > 0 || !taken.isNew)
        }
        return true
    }

    /// Counts what came against the limits, and removes what has to go for them to hold; false if that is the answer itself.
    private func account(for taken: TakenRecord, in namespace: NamespaceState) async throws -> Bool {
        guard taken.isNew else {
            for question in taken.questions { namespace.retention.addBytes(question.byteCount, to: taken.owner.id) }
            return true
        }
        let bytes = taken.owner.byteCount(with: taken.questions)
        let gone = namespace.retention.insert(taken.owner, bytes: bytes, settings: namespace.settings, now: clock.now)
        _ = try await evict(gone, from: namespace, cause: .overflow)
        return !gone.contains(taken.owner.id)
    }

    /// Gives a question the vector that this cache compares by, or none.
    private func embed(_ question: inout CachedQuestion, _ settings: NamespaceSettings) async {
        guard !hasComparableVector(question) else { return }
        // Beside this cache's own, another model's vector would lie anywhere.
        (question.vector, question.embeddingModel) = (nil, nil)
        guard let embedder, question.partition != nil, question.text.count >= settings.minimumQuestionLength else {
            return
        }
        let embedding = try? await embedder.embedding(of: question.text)
        guard let embedding, settings.reasonToDistrust(embedding, of: question.text, by: embedder.model) == nil else {
            return
        }
        question.vector = embedding.vector
        question.embeddingModel = embedder.model.id
    }
}
