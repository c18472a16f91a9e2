extension ChatMessage {
    /// The message with a summary of what was said before it in front of its own words.
    func behind(_ summary: String) -> ChatMessage {
        let quotation = PreparedPrompt.quotation(of: summary)
        var message = self
        switch content {
        case nil: message.content = .text(quotation)
        case .text(let text)?: message.content = .text(quotation + "\n\n" + text)
        case .parts(let parts)?: message.content = .parts([.text(quotation)] + parts)
        }
        return message
    }
}
