internal import Embeddings

extension SemanticCache {
    /// Trains a namespace on its own stored answers that have several wordings, as a FAQ with paraphrases leaves them.
    ///
    ///     try await cache.train(NamespaceID(name: "faq"))
    ///
    /// The wordings say which questions share an answer, so that the namespace need not start from nothing.
    /// - Parameters:
    ///   - namespace: Where to learn, from its own answers only.
    ///   - limit: The most questions that are played.
    ///   - seed: The same questions and seed give the same policy.
    /// - Returns: The number of labels that were learned.
    /// - Throws: ``CacheError`` with `invalidConfiguration` if the namespace does not learn, or `storeUnavailable`.
    /// - Complexity: O(*n*² · *d*) for *n* questions of *d* components: seconds for some thousand.
    @discardableResult
    public func train(_ namespace: NamespaceID, limit: Int = 4000, seed: UInt64 = 0) async throws -> Int {
        let state = namespaces[namespace]
        guard let learning = state.learning else {
            throw CacheError(
                .invalidConfiguration,
                "the namespace \(namespace) does not learn: it has no maximumErrorRate, or there is no embedder"
            )
        }
        let questions = try await trainingQuestions(of: state.id, limit: limit)
        let training = PolicyTraining(questions, with: learning.snapshot, seed: seed)
        if learning.learn(training, now: clock.now) { try await saveLearning(of: state) }
        return training.labelCount
    }

    /// The stored questions with vectors of the present model, those of answers with several wordings first.
    private func trainingQuestions(of namespace: NamespaceID, limit: Int) async throws -> [PolicyTraining.Question] {
        guard let model = embedder?.model.id else { return [] }
        var byAnswer: [EntryID: [PolicyTraining.Question]] = [:]
        var order: [EntryID] = []
        var last: UInt64 = 0
        while true {
            let batch = try await store.questions(after: last, limit: 1024)
            guard let end = batch.last else { break }
            last = end.question.id
            for match in batch where match.entry.namespace == namespace && match.question.embeddingModel == model {
                guard let vector = match.question.vector else { continue }
                let answer = match.entry.id
                if byAnswer[answer] == nil { order.append(answer) }
                byAnswer[answer, default: []].append(
                    PolicyTraining.Question(text: AnalyzedText(match.question.text), vector: vector, answer: answer)
                )
            }
        }
        // Answers of one wording are the wrong answers of others; but those that teach both come first.
        let several = order.filter { (byAnswer[$0]?.count ?? 0) > 1 }
        let single = order.filter { (byAnswer[$0]?.count ?? 0) == 1 }
        guard !several.isEmpty else { return [] }
        return Array((several + single).flatMap { byAnswer[$0] ?? [] }.prefix(limit))
    }
}
