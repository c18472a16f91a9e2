internal import StrictJSON

/// Counts the tokens that a model makes of a text.
///
///     let counter: any TokenCounter = EstimatedTokenCounter()
///     counter.count([.system("Be brief."), .user("What is a token?")])
public protocol TokenCounter: Sendable {
    /// The number of tokens of a text.
    func count(_ text: String) -> Int
}

extension TokenCounter {
    /// The number of tokens of a conversation, with what its frame costs.
    ///
    /// OpenAI's published account: three tokens around each message, and three that open the answer. Parts that are not
    /// text are not counted: what an image costs depends on its size and the provider.
    public func count(_ messages: some Sequence<ChatMessage>) -> Int {
        messages.reduce(3) { $0 + count($1) }
    }

    /// The number of tokens of a message, with what its frame costs.
    public func count(_ message: ChatMessage) -> Int {
        var sum = 3 + count(message.role.rawValue)
        switch message.content {
        case nil: break
        case .text(let text)?: sum += count(text)
        case .parts(let parts)?: for case .text(let text) in parts { sum += count(text) }
        }
        for member in message.extra.members where !member.value.isNull { sum += count(member.value.serializedText) }
        return sum
    }
}
