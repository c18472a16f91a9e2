internal import NIOCore
internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

extension ProxyResponder {
    /// Whether the namespace of a request wants its prompt to be changed on the way upstream.
    func changesPrompt(of inquiry: Inquiry) -> Bool {
        let settings = cache.settings(of: inquiry.cacheRequest.scope.namespace).conversation
        return settings.hintsPromptCache || settings.mode != .full && inquiry.parsed.canBeShortened
    }

    /// The body that goes upstream: the caller's bytes, unless the namespace sends less of a conversation or marks what
    /// the provider should keep of it.
    func upstreamBody(of inquiry: Inquiry) async -> ByteBuffer {
        let request = inquiry.cacheRequest
        let settings = cache.settings(of: request.scope.namespace).conversation
        var prompt: PreparedPrompt?
        if settings.mode != .full, request.hasHistory, inquiry.parsed.canBeShortened {
            prompt = await conversations.prepare(request)
        }
        inquiry.prompt.value = prompt
        guard settings.hintsPromptCache || prompt.map({ $0.mode != .full }) == true,
            var body = (try? JSONValue(parsing: Array(inquiry.body.readableBytesView)))?.objectValue
        else { return inquiry.body }
        if let prompt, prompt.mode != .full {
            guard let shortened = inquiry.parsed.api.shortening(body, to: prompt) else {
                inquiry.prompt.value = nil
                return inquiry.body
            }
            body = shortened
        }
        if settings.hintsPromptCache {
            body = inquiry.parsed.api.hinting(body, for: request, counter: conversations.counter)
        }
        return ByteBuffer(bytes: JSONValue.object(body).serialized())
    }

    /// The tokens of a conversation of which nothing was sent, for an answer that the cache has.
    func noteTokens(of inquiry: Inquiry, in disposition: inout Disposition) {
        guard disposition.context != nil, inquiry.cacheRequest.hasHistory else { return }
        disposition.context?.tokensIn = conversations.counter.count(inquiry.cacheRequest.messages)
        disposition.context?.tokensOut = 0
    }
}

extension WireAPI {
    /// A body with what tells the provider where its prompt cache pays; what the caller said of that stays as it is.
    fileprivate func hinting(_ body: JSONObject, for request: CacheRequest, counter: any TokenCounter) -> JSONObject {
        let hints = PromptCacheHints(counter: counter)
        switch self {
        case .messages: return hints.anthropic(body)
        case .chatCompletions, .responses:
            guard (body["prompt_cache_key"] ?? .null).isNull else { return body }
            var body = body
            body["prompt_cache_key"] = .string(hints.openAIKey(of: request))
            return body
        }
    }
}
