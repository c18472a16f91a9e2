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
    ///
    /// The first walk counts and keeps nothing of what a question says; read and analysed are those that are played.
    private func trainingQuestions(of namespace: NamespaceID, limit: Int) async throws -> [PolicyTraining.Question] {
        let (several, single) = try await answersByWordings(in: namespace)
        // Answers of one wording are the wrong answers of others; but those that teach both come first.
        guard !several.isEmpty else { return [] }
        var questions: [PolicyTraining.Question] = []
        for answer in several + single {
            guard questions.count < limit else { break }
            for question in try await store.questions(of: answer) {
                guard questions.count < limit, let vector = question.vector, hasVectorOfThisModel(question) else {
                    continue
                }
                questions.append(
                    PolicyTraining.Question(text: AnalyzedText(question.text), vector: vector, answer: answer)
                )
            }
        }
        return questions
    }

    /// The answers with several wordings and those with one, each in the order of their first.
    private func answersByWordings(in namespace: NamespaceID) async throws -> (several: [EntryID], single: [EntryID]) {
        var wordings: [EntryID: Int] = [:]
        var order: [EntryID] = []
        var last: UInt64 = 0
        while case let batch = try await store.questions(after: last, limit: 1024), let end = batch.last {
            last = end.question.id
            for match in batch where match.entry.namespace == namespace && hasVectorOfThisModel(match.question) {
                if wordings[match.entry.id] == nil { order.append(match.entry.id) }
                wordings[match.entry.id, default: 0] += 1
            }
        }
        let several = order.filter { wordings[$0, default: 0] > 1 }
        return (several, order.filter { wordings[$0] == 1 })
    }
}
