/// How long answers to questions of a kind stay fresh: `question matches "(?i)price": 1 hour`.
///
///     TimeRule(question: try QuestionPattern(regularExpression: "(?i)price|stock"), timeToLive: .seconds(3600))
public struct TimeRule: Hashable, Sendable {
    /// The namespaces that the rule is for; nil for all.
    public var namespaces: NamespacePattern?
    /// The questions that the rule is for.
    public var question: QuestionPattern
    /// How long an answer stays fresh.
    public var timeToLive: Duration

    /// Creates a rule.
    public init(question: QuestionPattern, timeToLive: Duration, namespaces: NamespacePattern? = nil) {
        self.question = question
        self.timeToLive = timeToLive
        self.namespaces = namespaces
    }

    /// Whether the rule is for the question.
    public func applies(to question: String, in namespace: NamespaceID) -> Bool {
        (namespaces?.matches(namespace.name) ?? true) && self.question.matches(question)
    }
}
