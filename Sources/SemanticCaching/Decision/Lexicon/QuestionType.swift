/// What a question asks for.
enum QuestionType: UInt8, Sendable {
    case none
    case count
    case amount
    case duration
    case frequency
    case distance
    case age
    case height
    case manner
    case agent
    case time
    case place
    case reason
    case thing
    case size

    /// Whether another type of the same kind surely asks for something else; `what` and `how` are too vague for that.
    var isDefinite: Bool {
        switch self {
        case .none, .thing, .manner, .amount, .size: false
        default: true
        }
    }

    /// Whether the two ask for different things.
    func excludes(_ other: QuestionType) -> Bool {
        guard isDefinite, other.isDefinite, self != other else { return false }
        // "How long until it arrives?" and "when does it arrive?" share an answer.
        let both = Set([self, other])
        return both != [.duration, .time] && both != [.count, .frequency] && both != [.distance, .duration]
    }
}

/// Whose something is.
enum PersonMark: UInt8, Sendable {
    case none
    case first
    case second
    case third
    case firstSubject
    case secondSubject
}

/// The time a main clause speaks of.
enum TenseMark: UInt8, Sendable {
    case none
    case past
    case present
    case future
    /// `has`, `have`: past with a participle, present without.
    case perfect
    /// `going to`, and `are` before it.
    case goingTo
}

/// How a word orders its neighbours.
enum Connector: UInt8, Sendable {
    case none
    case from
    case to
    /// `and`, `or`: the neighbours may change places.
    case coordinating
}
