/// What of a conversation is sent to the model when the cache cannot answer itself.
public enum ContextMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// Everything that was said.
    case full
    /// The instructions, the latest exchanges and the new message, once the cache knows the conversation: what was said
    /// earlier is forgotten.
    case slim
    /// The instructions, a summary of the older messages, the latest ones and the new message.
    case summary
}
