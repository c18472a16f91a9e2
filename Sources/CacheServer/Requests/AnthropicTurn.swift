internal import StrictJSON

/// A turn of Anthropic's Messages API, which may say what other APIs say in two messages.
///
///     {"role": "user", "content": [{"type": "tool_result", …}, {"type": "text", …}]}
///
/// The results of tools in it are nobody's words; what stands behind them is the user's.
struct AnthropicTurn {
    /// The turn as one message, or as two: the results, and what the user says.
    let pieces: [JSONValue]

    init(_ turn: JSONValue) {
        guard let members = turn.objectValue, let blocks = members["content"]?.arrayValue else {
            pieces = [turn]
            return
        }
        // Results come first, by the API's own rule; in any other order the turn is left in one piece.
        let results = blocks.prefix(while: Self.isResult)
        let rest = blocks[results.endIndex...]
        guard !results.isEmpty, !rest.isEmpty, !rest.contains(where: Self.isResult) else {
            pieces = [turn]
            return
        }
        pieces = [results, rest].map { blocks in
            var piece = members
            piece["content"] = .array(Array(blocks))
            return .object(piece)
        }
    }

    /// Whether a message carries results of tools.
    static func hasResult(_ message: JSONValue) -> Bool {
        message["content"]?.arrayValue?.contains(where: isResult) ?? false
    }

    private static func isResult(_ block: JSONValue) -> Bool {
        block["type"]?.stringValue.map { $0.hasSuffix("tool_result") } ?? false
    }
}
