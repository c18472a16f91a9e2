internal import StrictJSON

extension ChatMessage {
    /// What the message says, in one text: words as they are, what is not words by its kind.
    var transcriptText: String {
        var pieces: [String] = []
        switch content {
        case nil: break
        case .text(let text)?: pieces.append(text)
        case .parts(let parts)?:
            pieces += parts.map { part in
                switch part {
                case .text(let text): text
                case .data(let mediaType, _): "[\(mediaType)]"
                case .other(let value): "[\(value["type"]?.stringValue ?? "attachment")]"
                }
            }
        }
        if let calls = extra["tool_calls"] { pieces.append("[calls \(calls.serializedText)]") }
        return pieces.joined(separator: "\n")
    }
}

extension String {
    func trimmingSpace() -> String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
