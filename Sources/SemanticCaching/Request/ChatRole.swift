/// Who speaks in a message of a conversation.
public struct ChatRole: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The role's name on the wire.
    public let rawValue: String

    /// Creates a role from its name on the wire; unknown names are kept, as servers add some.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Creates a role from its name on the wire.
    public init(stringLiteral value: String) { rawValue = value }

    /// Instructions that stand above the conversation.
    public static let system: ChatRole = "system"
    /// The newer name of ``system``.
    public static let developer: ChatRole = "developer"
    /// The person, or the program that asks.
    public static let user: ChatRole = "user"
    /// The model.
    public static let assistant: ChatRole = "assistant"
    /// The result of a tool that the model called.
    public static let tool: ChatRole = "tool"

    /// Whether messages of this role instruct the model, wherever in a conversation they stand.
    public var isInstruction: Bool { self == .system || self == .developer }
}
