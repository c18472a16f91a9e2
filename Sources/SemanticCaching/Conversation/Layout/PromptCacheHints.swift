public import StrictJSON

/// What tells a provider where its prompt cache pays.
///
///     body = PromptCacheHints().anthropic(body)      // at most four cache_control breakpoints
///     body["prompt_cache_key"] = .string(PromptCacheHints().openAIKey(of: request))
///
/// A hint changes what a request costs and never what it says; both are left out of the cache's own key.
public struct PromptCacheHints: Sendable {
    private let counter: any TokenCounter

    /// The greatest number of breakpoints that Anthropic's API takes.
    public static let maximumBreakpoints = 4

    /// Creates hints that measure prompts with a counter.
    public init(counter: any TokenCounter = EstimatedTokenCounter()) { self.counter = counter }

    /// The least number of tokens that Anthropic caches for a model, by its documentation; a shorter prefix is not cached.
    public static func minimumTokens(forAnthropicModel model: String) -> Int {
        let table = [
            ("claude-opus-4-5", 4096), ("claude-haiku-4-5", 4096), ("claude-3-haiku", 2048), ("claude-3-5-haiku", 2048),
        ]
        return table.first { model.hasPrefix($0.0) }?.1 ?? 1024
    }

    /// A key for OpenAI's `prompt_cache_key`: the same for the same scope, tools and instructions.
    ///
    /// Requests of one key reach the machine that has their prefix.
    /// - Complexity: O(*n*) for *n* bytes of the instructions and tools.
    public func openAIKey(of request: CacheRequest) -> String {
        var stable = request
        stable.messages = Array(request.messages.prefix(request.instructionCount))
        var fields = JSONObject()
        fields["tools"] = PromptLayout.arranged(request).parameters["tools"]
        stable.parameters = GenerationParameters(fields: fields)
        var chain = ConversationChain(scopeOf: stable, namespace: request.scope.namespace)
        for message in stable.messages { chain.append(message) }
        return "semcache-" + String(chain.links[chain.links.count - 1].description.prefix(24))
    }

    /// A body of Anthropic's Messages API with breakpoints behind what will be sent again.
    ///
    /// That is the tools, the system prompt, the conversation up to the last turn, and the new turn. A body that has breakpoints already is left as it is, as are prefixes too short to be cached.
    /// - Complexity: O(*n*) for *n* bytes of the body.
    public func anthropic(_ body: JSONObject) -> JSONObject {
        guard !Self.hasBreakpoint(.object(body)) else { return body }
        var body = body
        let minimum = Self.minimumTokens(forAnthropicModel: body["model"]?.stringValue ?? "")
        var tokens = 0
        if let tools = body["tools"]?.arrayValue, !tools.isEmpty {
            tokens += tools.reduce(0) { $0 + counter.count($1.serializedText) }
            if tokens >= minimum { body["tools"] = Self.markingLast(of: tools) }
        }
        if let system = body["system"], !system.isNull {
            tokens += counter.count(system.stringValue ?? system.serializedText)
            if tokens >= minimum { body["system"] = Self.markingLast(of: Self.blocks(system)) }
        }
        guard var messages = body["messages"]?.arrayValue else { return body }
        let questions = messages.indices.filter { messages[$0]["role"]?.stringValue == "user" }
        let marked = Set(questions.suffix(2))
        for index in messages.indices {
            tokens += counter.count(messages[index]["content"]?.serializedText ?? "")
            guard marked.contains(index), tokens >= minimum, var message = messages[index].objectValue,
                let content = message["content"], content.stringValue != ""
            else { continue }
            message["content"] = Self.markingLast(of: Self.blocks(content))
            messages[index] = .object(message)
        }
        body["messages"] = .array(messages)
        return body
    }

    /// A text as the one block that it stands for.
    private static func blocks(_ value: JSONValue) -> [JSONValue] {
        if let text = value.stringValue { return [["type": "text", "text": .string(text)]] }
        return value.arrayValue ?? []
    }

    private static func markingLast(of blocks: [JSONValue]) -> JSONValue {
        guard var last = blocks.last?.objectValue else { return .array(blocks) }
        last["cache_control"] = ["type": "ephemeral"]
        return .array(blocks.dropLast() + [.object(last)])
    }

    private static func hasBreakpoint(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object):
            object.members.contains { $0.key == "cache_control" || hasBreakpoint($0.value) }
        case .array(let elements): elements.contains(where: hasBreakpoint)
        default: false
        }
    }
}
