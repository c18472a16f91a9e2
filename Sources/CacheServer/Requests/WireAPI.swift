/// The kinds of cacheable requests, which differ in their wire forms and in nothing that the engine sees.
enum WireAPI: Hashable, Sendable {
    case chatCompletions
    case responses
    case messages

    /// The name under which replies of this kind are stored.
    var format: String {
        switch self {
        case .chatCompletions: "chat.completion"
        case .responses: "response"
        case .messages: "message"
        }
    }
}
