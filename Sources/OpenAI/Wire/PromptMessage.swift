import StrictJSON

/// One message of a chat, of text only.
public struct PromptMessage: Hashable, Sendable {
    /// Who speaks.
    public struct Role: Hashable, Sendable {
        /// The role's name on the wire.
        public let name: String

        /// Creates a role by its name on the wire.
        public init(name: String) { self.name = name }

        /// The instructions of the application.
        public static let system = Role(name: "system")
        /// The person who asks.
        public static let user = Role(name: "user")
        /// The model.
        public static let assistant = Role(name: "assistant")
    }

    /// Who speaks.
    public let role: Role

    /// What is said.
    public let content: String

    /// Creates a message.
    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }

    /// The message as JSON.
    var json: JSONValue { ["role": .string(role.name), "content": .string(content)] }
}
