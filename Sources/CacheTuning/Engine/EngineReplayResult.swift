/// What came of a stream that the engine itself answered.
public struct EngineReplayResult: Hashable, Sendable {
    /// The requests.
    public internal(set) var requestCount = 0
    /// Those answered by the same words.
    public internal(set) var exactHits = 0
    /// Those answered by the same meaning.
    public internal(set) var semanticHits = 0
    /// Those of the hits whose answer was past its time and served while another was fetched.
    public internal(set) var staleHits = 0
    /// Those of the hits that got an answer of another group.
    public internal(set) var wrongHits = 0
    /// Matches that the verifier agreed to while the request waited.
    public internal(set) var confirmations = 0
    /// Matches that it refused.
    public internal(set) var refusals = 0
    /// Matches that it was asked about after the request.
    public internal(set) var deferrals = 0
    /// Matches that it could not be asked about.
    public internal(set) var verifierFailures = 0
    /// Requests that went on without the embedder or the store.
    public internal(set) var failures = 0
    /// The tokens of all requests.
    public internal(set) var tokens = 0
    /// The tokens of the requests that were answered right: a wrong answer saves nothing.
    public internal(set) var tokensSaved = 0
    /// The requests whose tokens the data does not tell; theirs are estimated from their texts.
    public internal(set) var estimatedTokenCounts = 0
    /// The answers held at the end.
    public internal(set) var entries = 0
    /// The questions held at the end.
    public internal(set) var questions = 0
    /// The answers that a limit drove out.
    public internal(set) var evictions = 0
    /// The answers whose time was over.
    public internal(set) var expirations = 0
    /// The bytes of questions, vectors and answers, and of their index, at the end.
    public internal(set) var bytes = 0

    /// Requests that were served from the cache.
    public var hits: Int { exactHits + semanticHits }
    /// Matches that the verifier was to be asked about.
    public var verifications: Int { confirmations + refusals + deferrals + verifierFailures }
    /// Hits among requests.
    public var hitRate: Double { share(hits) }
    /// Wrong hits among requests.
    public var errorRate: Double { share(wrongHits) }
    /// Right hits among hits; 1 without hits.
    public var precision: Double { hits == 0 ? 1 : 1 - Double(wrongHits) / Double(hits) }

    private func share(_ count: Int) -> Double { requestCount == 0 ? 0 : Double(count) / Double(requestCount) }
}
