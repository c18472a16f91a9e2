public import SemanticCaching

/// A policy under replay: decides what to serve, and what to keep of a miss.
public protocol ReplayPolicy {
    /// Takes the next request.
    mutating func handle(_ request: ReplayRequest) -> ReplayAction
}

/// What a policy does with a request.
public enum ReplayAction: Hashable, Sendable {
    /// Serves the answer of a candidate.
    case serve(Int)
    /// Stores the question with an answer of its own.
    case storeNew
    /// Stores the question as a wording of a candidate's answer.
    case storeAlias(of: Int)
    /// Stores nothing.
    case drop
}

/// A stored question near the request.
public struct ReplayCandidate: Hashable, Sendable {
    /// The row of the trace that it came from.
    public let row: Int
    /// The row that its answer came from.
    public let answer: Int
    /// The cosine.
    public let similarity: Float
}

/// A request with its nearest stored questions.
public struct ReplayRequest {
    /// The row of the trace.
    public let row: Int
    /// The trace.
    public let trace: ReplayTrace
    /// The nearest stored questions, nearest first.
    public let candidates: [ReplayCandidate]

    /// The question.
    public var text: AnalyzedText { trace.texts[row] }

    /// Whether the candidate's answer is the right one: what a perfect judge would say.
    public func isRight(_ candidate: Int) -> Bool {
        trace.queries[candidates[candidate].answer].group == trace.queries[row].group
    }
}
