/// What somebody said of serving an answer to a question.
public struct PolicyLabel: Hashable, Sendable {
    /// Who said it.
    public enum Source: String, Hashable, Sendable, Codable {
        /// The judge, of the answer to a question that missed.
        case judge
        /// The judge, of a hit that was turned away to be judged.
        case audit
        /// A person: outranks the judge.
        case person
        /// Data with known answers, such as a FAQ with paraphrases.
        case data
    }

    /// What the policy weighed.
    public let evidence: DecisionEvidence
    /// Names the question and the answer, so that a later word on them replaces an earlier one; nil if it never comes.
    public let pair: UInt64?
    /// Whether the answer was right.
    public let isRight: Bool
    /// Who said it.
    public let source: Source

    /// Creates a label.
    public init(evidence: DecisionEvidence, pair: UInt64? = nil, isRight: Bool, source: Source) {
        self.evidence = evidence
        self.pair = pair
        self.isRight = isRight
        self.source = source
    }

    /// The name of a question and an answer.
    public static func pair(_ question: AnalyzedText, _ entry: EntryID) -> UInt64 {
        // Zero is the window's mark for a label without a name.
        max(1, TokenHash.hash(entry.description) ^ question.features.exactKey &* 0x9e37_79b9_7f4a_7c15)
    }
}
