internal import Embeddings
internal import Logging
internal import Synchronization

extension SemanticCache {
    /// Notes that a question was stored without the vector that it should have; the next sweep embeds it.
    func noteMissingVector(of question: CachedQuestion) {
        guard embedder != nil, question.partition != nil, question.vector == nil else { return }
        missingVectors.add([question.id])
    }

    /// Whether a question has a vector of the model in use.
    func hasVectorOfThisModel(_ question: CachedQuestion) -> Bool {
        guard let model = embeddingModel, let vector = question.vector else { return false }
        return question.embeddingModel == model.id && vector.count == model.dimension
    }

    /// Whether a question from elsewhere has a vector that can be compared with this cache's: of its model, and of unit length.
    func hasComparableVector(_ question: CachedQuestion) -> Bool {
        guard hasVectorOfThisModel(question), let vector = question.vector else { return false }
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

    /// So many texts are embedded by one call, which has a price of its own, over a network most of all.
    ///
    /// With ``AnalyzedText/maximumBytes`` each, they are far below what servers accept, and take the time of some requests.
    private static var textsAtOnce: Int { 32 }

    /// Whether a question may be compared in meaning; without that, nothing else comes of a vector.
    private func mayHaveVector(_ question: CachedQuestion, of embedder: QuestionEmbedder) -> Bool {
        question.partition != nil && question.text.utf8.count <= AnalyzedText.maximumBytes
            && embedder.takes(question.text)
    }

    /// Embeds questions; false if the embedder or the store failed, and some of them went back to the queue.
    private func embed(_ questions: [UInt64]) async -> Bool {
        guard let embedder else { return true }
        var rest = questions
        do {
            let matches = try await store.matches(questions: questions)
                .filter { mayHaveVector($0.question, of: embedder) }
                .sorted { $0.question.id < $1.question.id }
            rest = matches.map(\.question.id)
            for start in stride(from: 0, to: matches.count, by: Self.textsAtOnce) {
                let batch = Array(matches[start..<min(start + Self.textsAtOnce, matches.count)])
                try await embed(batch, with: embedder)
                rest.removeFirst(batch.count)
            }
            return true
        } catch {
            missingVectors.giveBack(rest)
            logger.warning("a stored question could not be embedded; later again", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func embed(_ batch: [StoredMatch], with embedder: QuestionEmbedder) async throws {
        do {
            let embeddings = try await embedder.embeddings(of: batch.map(\.question.text))
            for (match, embedding) in zip(batch, embeddings) { try await keep(embedding, of: match) }
        } catch let error as EmbedderError where error.isOfTheText {
            guard batch.count > 1 else {
                // It would fail for ever, and hold up all behind it; word for word it is found all the same.
                return logger.notice("a stored question has no vector", metadata: ["error": "\(error)"])
            }
            for match in batch { try await embed([match], with: embedder) }
        }
    }

    private func keep(_ embedding: Embedding, of match: StoredMatch) async throws {
        guard let model = embedder?.model else { return }
        var question = match.question
        let settings = namespaces[match.entry.namespace].settings
        guard settings.reasonToDistrust(embedding, of: question.text, by: model) == nil else { return }
        question.vector = embedding.vector
        question.embeddingModel = model.id
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
