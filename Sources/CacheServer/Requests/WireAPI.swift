/// The kinds of cacheable requests, which differ in their wire forms and in nothing that the engine sees.
enum WireAPI: Hashable, CaseIterable, Sendable {
    case chatCompletions
    case responses
    case messages

    /// The kind of request that is posted to a path; nil for a path of another kind.
    init?(path: String) {
        switch path {
        case "/v1/chat/completions": self = .chatCompletions
        case "/v1/responses": self = .responses
        case "/v1/messages": self = .messages
        default: return nil
        }
    }

    /// The name under which replies of this kind are stored.
    var format: String {
        switch self {
        case .chatCompletions: "chat.completion"
        case .responses: "response"
        case .messages: "message"
        }
    }
}
