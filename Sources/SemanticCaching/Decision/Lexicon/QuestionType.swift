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
        switch (self, other) {
        case (.duration, .time), (.time, .duration), (.count, .time), (.time, .count), (.count, .duration): return false
        case (.duration, .count), (.count, .frequency), (.frequency, .count), (.distance, .duration): return false
        // Nor are "where is my refund?" and "why is my refund not here?" two questions, or "whom" and "where" to go.
        case (.duration, .distance), (.place, .agent), (.agent, .place), (.place, .reason), (.reason, .place):
            return false
        case (.reason, .duration), (.duration, .reason): return false
        default: return true
        }
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
