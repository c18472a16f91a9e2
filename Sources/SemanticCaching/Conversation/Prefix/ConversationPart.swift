internal import StrictJSON

/// What the cache keeps of a conversation besides its answers.
enum ConversationPart: Hashable, Sendable {
    /// That the conversation went as far as these messages, and how the model answered last.
    case prefix
    /// A summary of these messages, under the identity of what made it.
    case summary(maker: String, length: String, blockLength: Int)

    /// What stands before the name of a conversation in the tag that all its parts have.
    ///
    /// A part is made of those before it: whoever removes one for a question in it removes all that have this tag.
    static var tagPrefix: String { "~conversation/" }
    /// What stands between several questions in the text of a part.
    static var questionSeparator: Character { "\u{1E}" }
}

extension CacheRequest {
    /// The request under which a part of this request's conversation is known: the first `count` messages.
    ///
    /// Its key is a link of the chain over those messages, seeded with the scope, so that nothing crosses a boundary that
    /// an answer does not. Sampling parameters change an answer and not a summary; they are in the key of a prefix alone.
    func asking(for part: ConversationPart, ofFirst count: Int) -> CacheRequest {
        var fields: JSONObject = [:]
        switch part {
        case .prefix:
            fields["semcache_part"] = "prefix"
            var keyed = JSONObject()
            for member in parameters.fields.membersSortedByKey where KeyRules.isKeyed(member) {
                keyed[member.key] = member.value
            }
            // One level down, a temperature is a matter of the key and does not make the cache step aside.
            fields["semcache_of"] = .object(keyed)
        case .summary(let maker, let length, let blockLength):
            fields["semcache_part"] = "summary"
            fields["semcache_maker"] = .string(maker)
            fields["semcache_tokens"] = .string(length)
            fields["semcache_block"] = .integer(blockLength)
        }
        let home = scope.namespace.conversations
        var request = CacheRequest(
            messages: Array(messages.prefix(count)),
            parameters: GenerationParameters(fields: fields),
            scope: CacheScope(
                tenant: home.tenant,
                namespace: home.name,
                model: scope.model,
                promptVersion: scope.promptVersion
            ),
            controls: CacheControls(mode: .exact, noStore: controls.noStore, tags: controls.tags)
        )
        request.isInternal = true
        return request
    }

    /// The part to be stored: with these tags, the one of its conversation, and the questions that it is made of.
    func storing(_ part: ConversationPart, ofFirst count: Int, from start: Int, tags: Set<String>) -> CacheRequest {
        var request = asking(for: part, ofFirst: count)
        request.controls.tags = tags.union([conversationTag]).sorted()
        request.partText = messages[start..<count].compactMap { message in
            message.role == .user ? message.transcriptText : nil
        }.joined(separator: String(ConversationPart.questionSeparator))
        return request
    }

    /// The tag of the conversation: that of its scope, its instructions and the first thing that was said.
    private var conversationTag: String {
        let opening = CacheRequest(messages: [], scope: scope)
        var chain = ConversationChain(scopeOf: opening, namespace: scope.namespace)
        for message in messages.prefix(instructionCount + 1) { chain.append(message) }
        return ConversationPart.tagPrefix + chain.links[chain.links.count - 1].description.prefix(16)
    }
}
