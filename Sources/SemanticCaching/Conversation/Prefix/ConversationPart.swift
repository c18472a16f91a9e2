internal import StrictJSON

/// What the cache keeps of a conversation besides its answers.
enum ConversationPart: Hashable, Sendable {
    /// That the conversation went as far as these messages, and how the model answered last.
    case prefix
    /// A summary of these messages, under the identity of what made it.
    case summary(maker: String, maximumTokens: Int, blockLength: Int)
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
        case .summary(let maker, let maximumTokens, let blockLength):
            fields["semcache_part"] = "summary"
            fields["semcache_maker"] = .string(maker)
            fields["semcache_tokens"] = .integer(maximumTokens)
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
}
