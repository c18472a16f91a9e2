/// What a lookup found, with what a store of the missing answer needs to know of it.
package struct LookupResult: Sendable {
    /// What the caller is told.
    package var verdict: Verdict
    /// The keys of the request; nil if it was not looked at.
    package let key: RequestKey?
    /// The namespace that the request is accounted to.
    let namespace: NamespaceState
    /// Whether the lookup counts for statistics, eviction and learning; an explanation does not.
    var isObserved = true
    /// The question's vector, if it was embedded.
    var vector: [Float]?
    /// The question as it was analysed, if it was compared.
    var analysis: AnalyzedText?
    /// Whether the embedding model knows too few of the question's words for its vector to mean anything.
    var isUnknownToModel = false
    /// The stored questions that came nearest, with their answers.
    var candidates: [StoredMatch] = []
    /// What the policy made of them.
    var decision: HitDecision?
    /// An answer that may be served if the model fails, and where it was found.
    var fallback: (entry: CacheEntry, tier: Verdict.Tier)?
    /// The invalidations before the lookup: an answer that one since then concerns is not stored.
    let mark: UInt64
    /// How often the namespace was invalidated before the lookup.
    let generation: UInt64

    init(verdict: Verdict, key: RequestKey?, namespace: NamespaceState, mark: UInt64) {
        self.verdict = verdict
        self.key = key
        self.namespace = namespace
        self.mark = mark
        generation = namespace.generation
    }
}
