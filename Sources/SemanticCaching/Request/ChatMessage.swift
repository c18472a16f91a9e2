public import StrictJSON

/// One message of a conversation.
///
///     let messages: [ChatMessage] = [.system("Answer in one sentence."), .user("How do I reset my password?")]
public struct ChatMessage: Hashable, Sendable {
    /// Who speaks.
    public var role: ChatRole
    /// What is said; nil for a message that only calls tools.
    public var content: ChatContent?
    /// Every other member in its wire form (`name`, `tool_calls`, `tool_call_id`, …); all of it is part of the key.
    public var extra: JSONObject

    /// Creates a message.
    public init(role: ChatRole, content: ChatContent?, extra: JSONObject = JSONObject()) {
        self.role = role
        self.content = content
        self.extra = extra
    }

    /// Creates a message of plain text.
    public init(_ role: ChatRole, _ text: String) { self.init(role: role, content: .text(text)) }

    /// Creates instructions that stand above the conversation.
    public static func system(_ text: String) -> ChatMessage { ChatMessage(.system, text) }
    /// Creates a message of the person who asks.
    public static func user(_ text: String) -> ChatMessage { ChatMessage(.user, text) }
    /// Creates a message of the model.
    public static func assistant(_ text: String) -> ChatMessage { ChatMessage(.assistant, text) }
}
