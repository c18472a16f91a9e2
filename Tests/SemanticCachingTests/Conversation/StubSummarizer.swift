import SemanticCaching
import SemanticCachingTesting
import Synchronization

/// Joins what it is given, and remembers what it was asked for.
final class StubSummarizer: Summarizer {
    struct Down: Error {}
    struct Call: Sendable {
        let texts: [String]
        let former: String?
    }

    let id = "stub/1"
    let gate = Gate(isOpen: true)
    private let state = Mutex<(calls: [Call], isDown: Bool, isSilent: Bool)>(([], false, false))

    var calls: [Call] { state.withLock { $0.calls } }
    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }
    var isSilent: Bool {
        get { state.withLock { $0.isSilent } }
        set { state.withLock { $0.isSilent = newValue } }
    }

    func summarize(_ messages: [ChatMessage], after former: String?, maximumTokens: Int) async throws -> Summary {
        let texts = messages.compactMap { $0.content?.plainText }
        state.withLock { $0.calls.append(Call(texts: texts, former: former)) }
        try await gate.pass()
        if isDown { throw Down() }
        if isSilent { return Summary(text: " \n") }
        let text = [former, texts.first, texts.last].compactMap(\.self).joined(separator: " ").suffix(60)
        return Summary(text: String(text), usage: TokenUsage(promptTokens: 50, completionTokens: 10))
    }
}
