/// An answer with all its wordings, as it travels between caches.
public struct AnswerRecord: Hashable, Sendable {
    /// The answer.
    public var entry: CacheEntry
    /// Its questions; their numbers mean nothing outside of the store they came from, and are 0 after reading.
    public var questions: [CachedQuestion]

    /// Creates a record.
    public init(entry: CacheEntry, questions: [CachedQuestion]) {
        self.entry = entry
        self.questions = questions
    }
}

/// A question with its answer from another program, without keys and vectors: the engine makes those.
public struct QuestionAnswerPair: Hashable, Sendable {
    /// The question.
    public var question: String
    /// Other wordings of the question.
    public var alternatives: [String]
    /// The answer.
    public var answer: String
    /// Names under which the answer can be invalidated.
    public var tags: [String]

    /// Creates a pair.
    public init(question: String, alternatives: [String] = [], answer: String, tags: [String] = []) {
        self.question = question
        self.alternatives = alternatives
        self.answer = answer
        self.tags = tags
    }
}

/// One record of an import file.
public enum TransferRecord: Hashable, Sendable {
    /// A line of an export of this cache.
    case answer(AnswerRecord)
    /// A question with its answer from another program.
    case pair(QuestionAnswerPair)
}
