internal import Embeddings
internal import Logging
internal import VectorSearch

extension SemanticCache {
    /// Takes a person's word on an answer that was, or would have been, served to a question.
    ///
    ///     try await cache.learn(fromPerson: false, about: entry, servedTo: "Cancel order 124")
    ///
    /// The namespace learns from it, if it learns at all: a person outranks the judge. The answer itself stays; see
    /// ``remove(_:)``.
    /// - Returns: Whether there was anything to learn.
    /// - Throws: The embedder's error, or ``CacheError`` with `storeUnavailable`.
    @discardableResult
    public func learn(fromPerson isRight: Bool, about id: EntryID, servedTo question: String) async throws -> Bool {
        guard let entry = try await store.entry(id), let embedder else { return false }
        let namespace = namespaces[entry.namespace]
        let wordings = try await store.questions(of: id).filter { $0.partition != nil && $0.vector != nil }
        guard let learning = namespace.learning, let digest = wordings.first?.partition,
            let partition = partitions[digest]
        else { return false }
        let vector = try await embedder.embedding(of: question).vector
        let asked = AnalyzedText(question)
        let count = namespace.settings.candidateCount
        // The question itself may have been stored meanwhile: it is no evidence for or against itself.
        let neighbors = try partition.search(vector, count: count + 1, minimumSimilarity: 0)
        let matches = try await store.matches(questions: neighbors.map(\.id))
        let byID = Dictionary(matches.map { ($0.question.id, $0) }, uniquingKeysWith: { first, _ in first })
        let found = neighbors.compactMap { neighbor -> NearbyQuestion? in
            guard let match = byID[neighbor.id], match.question.text != question else { return nil }
            return NearbyQuestion(match: match, similarity: neighbor.similarity, freshness: .fresh)
        }
        let candidates = makeCandidates(of: found.prefix(count), near: vector, learning)
        guard let index = candidates.firstIndex(where: { $0.entry == id }),
            let evidence = learning.evidence(asked, among: candidates, about: index)
        else { return false }
        let label = PolicyLabel(
            evidence: evidence,
            pair: PolicyLabel.pair(asked, id),
            isRight: isRight,
            source: .person
        )
        try await learn(label, about: id, at: candidates[index].similarity, in: namespace, learning)
        return true
    }

    /// Learns from a label, and makes it survive: at once for a new fit or a person's word.
    func learn(
        _ label: PolicyLabel,
        about entry: EntryID,
        at similarity: Float,
        in namespace: NamespaceState,
        _ learning: NamespaceLearning
    ) async throws {
        let progress = learning.learn(label, about: entry, at: similarity, now: clock.now)
        if progress.raisedAlarm {
            namespace.counters.countDriftAlarm()
            logger.warning(
                "answers are wrong more often than the learned policy foretold: the topics have changed",
                metadata: ["namespace": "\(namespace.id)"]
            )
        }
        if progress.hasNewFit || label.source == .person { try await saveLearning(of: namespace) }
    }
}
