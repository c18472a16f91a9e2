/// An answer, from the cache or from the model, with the verdict that led to it.
public struct CacheResponse: Sendable {
    /// The answer.
    public let reply: CachedReply
    /// What the cache found before the answer was given.
    public let verdict: Verdict
    /// The entry that holds the answer now; nil if it was not stored.
    public let entry: EntryID?

    /// Creates a response.
    public init(reply: CachedReply, verdict: Verdict, entry: EntryID?) {
        self.reply = reply
        self.verdict = verdict
        self.entry = entry
    }
}
