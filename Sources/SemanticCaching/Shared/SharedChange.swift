/// What another replica changed.
public enum SharedChange: Sendable {
    /// An answer was stored, with the wordings that it has now.
    case stored(CacheEntry, questions: [CachedQuestion])
    /// Answers were removed.
    case removed([EntryID])
    /// Answers are not there any more, and nobody is known to have removed them: they go, and may come back.
    case absent([EntryID])
    /// Answers of earlier epochs became invisible.
    case epoch(UInt64)
    /// What this selects was removed.
    case invalidated(InvalidationSelector)
}
