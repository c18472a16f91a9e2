/// Walks near-misses with a person who says whether one answer serves both: a state machine without a terminal.
///
///     var session = LabelSession(pairs)
///     session.answer(.yes)
///     session.labelled   // one pair
public struct LabelSession: Sendable {
    /// What the person says.
    public enum Answer: Hashable, Sendable {
        /// One answer serves both.
        case yes
        /// They need different answers.
        case no
        /// Cannot tell.
        case skip
        /// Takes the last word back.
        case undo

        /// Reads `y`, `n`, `s` or `u`; nil for anything else.
        public init?(_ text: some StringProtocol) {
            switch text.lowercased() {
            case "y", "yes": self = .yes
            case "n", "no": self = .no
            case "s", "skip", "": self = .skip
            case "u", "undo": self = .undo
            default: return nil
            }
        }
    }

    private let pairs: [LabelledPair]
    private var answers: [Answer] = []

    /// Creates a session over pairs; their labels are what the person is to say.
    public init(_ pairs: [LabelledPair]) { self.pairs = pairs }

    /// The pair that is asked about; nil at the end.
    public var current: LabelledPair? { answers.count < pairs.count ? pairs[answers.count] : nil }

    /// How many pairs were asked about.
    public var position: Int { answers.count }

    /// Takes an answer to the current pair, or takes the last one back.
    public mutating func answer(_ answer: Answer) {
        if answer == .undo {
            _ = answers.popLast()
        } else if current != nil {
            answers.append(answer)
        }
    }

    /// The pairs with the person's labels, skipped ones left out.
    public var labelled: [LabelledPair] {
        zip(pairs, answers).compactMap { pair, answer in
            guard answer == .yes || answer == .no else { return nil }
            return LabelledPair(pair.first, pair.second, isMatch: answer == .yes, category: pair.category)
        }
    }
}
