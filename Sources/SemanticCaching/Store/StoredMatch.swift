/// A question together with the answer that owns it.
public struct StoredMatch: Hashable, Sendable {
    /// The wording; stores may leave its vector out.
    public var question: CachedQuestion
    /// The answer.
    public var entry: CacheEntry

    /// Creates a match.
    public init(question: CachedQuestion, entry: CacheEntry) {
        self.question = question
        self.entry = entry
    }
}
