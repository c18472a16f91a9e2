/// What becomes of a question whose own answer came from the model.
public enum AliasDecision: Hashable, Sendable {
    /// Another wording of a stored answer: it joins that answer, and the new answer is not kept.
    case alias(of: EntryID)
    /// An answer of its own.
    case newEntry

    /// Decides by the judge's word on the answer that the policy would have chosen.
    ///
    /// - Parameters:
    ///   - entry: the answer that the chosen candidate leads to, if there was one.
    ///   - judgedRight: whether the judge called it the same answer; nil if it was not asked.
    public init(entry: EntryID?, judgedRight: Bool?) {
        if let entry, judgedRight == true { self = .alias(of: entry) } else { self = .newEntry }
    }
}
