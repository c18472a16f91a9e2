public import SemanticCaching

/// A language model that answers by script, counts its calls, and waits at a gate when told to.
///
///     let model = StubUpstream(replies: ["Blue."])
///     model.enqueue(failure: Timeout())
///     let reply = try await model.answer("Which colour?")
public final class StubUpstream: Sendable {
    private struct State {
        var script: [Result<CachedReply, any Error>] = []
        var next = 0
        var prompts: [String] = []
        var running = 0
        var peak = 0
    }

    private let state: Watched<State>
    private let fallback: @Sendable (String) -> CachedReply

    /// Where every call waits: open by default; close it to hold the model in mid-answer.
    public let gate = Gate(isOpen: true)

    /// Creates a model that gives the texts in turn, and then the fallback: by default, the prompt itself.
    public init(
        replies: [String] = [],
        fallback: @escaping @Sendable (String) -> CachedReply = { CachedReply(text: "answer to \($0)") }
    ) {
        state = Watched(State(script: replies.map { .success(CachedReply(text: $0)) }))
        self.fallback = fallback
    }

    /// Adds an answer to the end of the script.
    public func enqueue(_ reply: CachedReply) { state.update { $0.script.append(.success(reply)) } }

    /// Adds a failure to the end of the script.
    public func enqueue(failure: any Error) { state.update { $0.script.append(.failure(failure)) } }

    /// The number of calls so far, those under way included.
    public var callCount: Int { state.value.prompts.count }

    /// The prompts of all calls so far, in order.
    public var prompts: [String] { state.value.prompts }

    /// The greatest number of calls that were under way at once.
    public var peakConcurrency: Int { state.value.peak }

    /// Suspends until there have been this many calls.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func waitForCalls(count: Int) async throws { try await state.wait { $0.prompts.count >= count } }

    /// Answers as the script says, once the gate lets the call through.
    ///
    /// - Throws: The failure that the script has for this call, or `CancellationError`.
    public func answer(_ prompt: String = "") async throws -> CachedReply {
        let scripted: Result<CachedReply, any Error>? = state.update { state in
            state.prompts.append(prompt)
            state.running += 1
            state.peak = max(state.peak, state.running)
            guard state.next < state.script.count else { return nil }
            state.next += 1
            return state.script[state.next - 1]
        }
        defer { state.update { $0.running -= 1 } }
        try await gate.pass()
        return try scripted?.get() ?? fallback(prompt)
    }
}
