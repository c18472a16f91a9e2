internal import Embeddings
internal import Logging
internal import Synchronization

extension SemanticCache {
    /// Notes that a question was stored without the vector that it should have; the next sweep embeds it.
    func noteMissingVector(of question: CachedQuestion) {
        guard embedder != nil, question.partition != nil, question.vector == nil else { return }
        missingVectors.add([question.id])
    }

    /// Whether a question from elsewhere has a vector that can be compared with this cache's: of its model, and of unit length.
    func hasComparableVector(_ question: CachedQuestion) -> Bool {
        guard let model = embeddingModel, let vector = question.vector else { return false }
        guard question.embeddingModel == model.id, vector.count == model.dimension else { return false }
        let square = vector.reduce(0) { $0 + $1 * $1 }
        return abs(square - 1) < 1e-3
    }

    /// Gives vectors to stored questions that have none of the model in use, until none is left or the embedder fails.
    ///
    /// What is left is embedded by the next sweep, or after the next opening.
    func embedMissing(limit: Int = .max) async {
        let waiting = min(missingVectors.count, limit)
        guard waiting > 0 else { return }
        logger.notice("embedding stored questions", metadata: ["count": "\(missingVectors.count)"])
        var done = 0
        while done < waiting, !Task.isCancelled {
            let batch = missingVectors.take(min(256, waiting - done))
            guard !batch.isEmpty, await embed(batch) else { return }
            done += batch.count
            logger.notice("embedded stored questions", metadata: ["count": "\(done) of \(waiting)"])
        }
    }

    /// Embeds questions; false if the embedder or the store failed, and some of them went back to the queue.
    private func embed(_ questions: [UInt64]) async -> Bool {
        var rest = questions[...]
        do {
            for match in try await store.matches(questions: questions).sorted(by: { $0.question.id < $1.question.id }) {
                do { try await embed(match) } catch let error as EmbedderError where error.isOfTheText {
                    // It would fail for ever, and hold up all behind it; word for word it is found all the same.
                    logger.notice("a stored question has no vector", metadata: ["error": "\(error)"])
                }
                rest.removeAll { $0 == match.question.id }
            }
            return true
        } catch {
            missingVectors.giveBack(rest)
            logger.warning("a stored question could not be embedded; later again", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func embed(_ match: StoredMatch) async throws {
        guard let embedder, match.question.partition != nil else { return }
        let embedding = try await embedder.embedding(of: match.question.text)
        let settings = namespaces[match.entry.namespace].settings
        let text = match.question.text
        guard settings.reasonToDistrust(embedding, of: text, by: embedder.model) == nil else { return }
        var question = match.question
        question.vector = embedding.vector
        question.embeddingModel = embedder.model.id
        let isThere = try await store.setVector(
            question.vector,
            embeddingModel: question.embeddingModel,
            of: question.id
        )
        if isThere { try publishIfMissing(question, in: match.entry.namespace) }
    }
}

extension EmbedderError {
    /// Whether the same text would fail again.
    fileprivate var isOfTheText: Bool {
        switch self {
        case .invalidInput, .invalidVector: true
        default: false
        }
    }
}
