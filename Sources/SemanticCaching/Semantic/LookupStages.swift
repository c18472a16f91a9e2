internal import VectorSearch

/// The stations of one lookup in meaning, one by one: what it costs is measured here by the steps that serve, not by copies.
///
///     let stages = LookupStages(of: request, in: cache, vector: vector)
///     let ids = try stages?.search()
package struct LookupStages: Sendable {
    private let cache: SemanticCache
    private let request: CacheRequest
    private let result: LookupResult
    private let partition: Digest256
    private let question: String
    private let vector: [Float]

    /// The stored questions that a search found, with their answers.
    package struct Candidates: Sendable {
        fileprivate let found: [SemanticCache.NearbyQuestion]
        /// How many there are.
        package var count: Int { found.count }
    }

    /// Creates the stages of a request that is matched in meaning; nil for one that is not.
    ///
    /// Nothing of it is counted or learned.
    package init?(of request: CacheRequest, in cache: SemanticCache, vector: [Float]) {
        let namespace = cache.namespaces[request.scope.namespace]
        let key = cache.makeKey(of: request, in: namespace, namespace.settings)
        guard let partition = key.partition, let question = key.question else { return nil }
        self.cache = cache
        self.request = request
        self.partition = partition
        self.question = question
        self.vector = vector
        var result = LookupResult(
            verdict: Verdict(.miss, reason: .noCandidates),
            key: key,
            namespace: namespace,
            mark: cache.invalidations.mark
        )
        result.isObserved = false
        self.result = result
    }

    /// The numbers of the nearest stored questions: the index alone.
    package func search() throws -> [UInt64] {
        let count = result.namespace.settings.candidateCount
        return try cache.partitions[partition]?.search(vector, count: count, minimumSimilarity: 0).map(\.id) ?? []
    }

    /// The nearest stored questions with their answers: search, store, freshness.
    package func candidates() async throws -> Candidates {
        Candidates(found: try await cache.candidates(near: vector, partition, request, result.namespace))
    }

    /// What the namespace's policy makes of them: analysis of the question, the answers' records, guards, features, model.
    package func decide(among candidates: Candidates) -> HitDecision {
        let context = DecisionContext(
            namespace: result.namespace.id,
            threshold: result.namespace.settings.threshold,
            unknownTokenShare: 0
        )
        return cache.decide(AnalyzedText(question), vector, candidates.found, context, result)
    }
}
