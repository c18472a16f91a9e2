/// What an invalidation would remove.
public struct InvalidationPreview: Hashable, Sendable {
    /// One answer that would go.
    public struct Example: Hashable, Sendable {
        /// Its id.
        public let id: EntryID
        /// Its namespace.
        public let namespace: NamespaceID
        /// A question that it answers; the one that fits, if the selector is about questions.
        public let question: String
    }

    /// How many answers would go.
    public internal(set) var entries = 0
    /// How many questions would go with them.
    public internal(set) var questions = 0
    /// The first of the answers.
    public internal(set) var examples: [Example] = []
}
