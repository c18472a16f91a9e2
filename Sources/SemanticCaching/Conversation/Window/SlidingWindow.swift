/// Cuts a conversation into what is summed up and what is sent word for word.
///
///     let window = SlidingWindow(ConversationSettings())
///     window.cut(request.messages)  // .boundaries: [10, 18], .tail: 18..<25
///
/// Cuts are only made at fixed boundaries: each block ends before the first message of the user that is at least
/// `blockLength` messages behind the block's start. So a boundary depends on nothing that comes after it, a conversation
/// that grows keeps its boundaries, and two with the same opening share them; between two boundaries, a new turn changes
/// no summary. Blocks begin with a message of the user: a tool's result is never parted from its call.
public struct SlidingWindow: Hashable, Sendable {
    /// The least number of messages that are sent word for word.
    public var length: Int
    /// The number of tokens that those may have; nil for any.
    public var maximumTokens: Int?
    /// The least number of messages in a block.
    public var blockLength: Int

    /// How a conversation is cut.
    public struct Cut: Hashable, Sendable {
        /// Where the blocks that are summed up end; the first begins behind the instructions.
        public let boundaries: [Int]
        /// What is sent word for word.
        public let tail: Range<Int>
    }

    /// Creates a window as the settings of a namespace say.
    public init(_ settings: ConversationSettings) {
        length = settings.windowLength
        maximumTokens = settings.windowTokens
        blockLength = settings.blockLength
    }

    /// Cuts a conversation.
    ///
    /// - Complexity: O(*n*) for *n* messages, and one count of the tokens if they are limited.
    public func cut(_ messages: [ChatMessage], counter: any TokenCounter = EstimatedTokenCounter()) -> Cut {
        let start = messages.prefix { $0.role.isInstruction }.count
        let boundaries = boundaries(in: messages, from: start)
        var taken = boundaries.prefix { messages.count - $0 >= length }.count
        if let maximumTokens {
            var tokens = messages[(taken == 0 ? start : boundaries[taken - 1])...].reduce(0) { $0 + counter.count($1) }
            while tokens > maximumTokens, taken < boundaries.count {
                let block = (taken == 0 ? start : boundaries[taken - 1])..<boundaries[taken]
                tokens -= messages[block].reduce(0) { $0 + counter.count($1) }
                taken += 1
            }
        }
        let used = Array(boundaries.prefix(taken))
        return Cut(boundaries: used, tail: (used.last ?? start)..<messages.count)
    }

    private func boundaries(in messages: [ChatMessage], from start: Int) -> [Int] {
        var boundaries: [Int] = []
        var last = start
        for index in messages.indices where index - last >= blockLength && messages[index].role == .user {
            boundaries.append(index)
            last = index
        }
        return boundaries
    }
}
