import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct PromptLayoutTests {
    private func request(
        _ system: String,
        tools: [JSONValue] = [],
        _ messages: [ChatMessage] = [.user("Where is my order?")]
    ) -> CacheRequest {
        CacheRequest(
            messages: [.system(system)] + messages,
            parameters: GenerationParameters(fields: ["tools": .array(tools)]),
            scope: CacheScope(model: "m")
        )
    }

    private func tool(_ name: String, _ description: String = "d") -> JSONValue {
        ["type": "function", "function": ["name": .string(name), "description": .string(description)]]
    }

    private func firstBreak(_ before: CacheRequest, _ after: CacheRequest) -> PrefixBreak? {
        PromptLayout(after).firstBreak(since: PromptLayout(before))
    }

    @Test func aConversationThatGrowsBreaksNothing() {
        let history: [ChatMessage] = [.user("Where is my order?"), .assistant("Underway."), .user("And when?")]
        for count in 1..<3 {
            let before = request("Be brief.", Array(history.prefix(count)))
            #expect(firstBreak(before, request("Be brief.", history)) == nil)
            #expect(firstBreak(before, before) == nil)
        }
    }

    @Test func theOrderOfToolsAndMembersDoesNotMatter() {
        let spelled: JSONValue = ["function": ["description": "d", "name": "b"], "type": "function"]
        let before = request("Be brief.", tools: [tool("a"), tool("b")])
        let after = request("Be brief.", tools: [spelled, tool("a")])
        #expect(PromptLayout(before).bytes == PromptLayout(after).bytes)
        #expect(PromptLayout.arranged(after).parameters == PromptLayout.arranged(before).parameters)
    }

    @Test(arguments: [
        ("It is 2026-11-21 10:03. Be brief.", "It is 2026-11-21 10:04. Be brief.", PrefixBreak.Cause.timestamp),
        ("It is Friday, 20 November 2026.", "It is Saturday, 21 November 2026.", .timestamp),
        ("Now: 1795219200", "Now: 1795219260", .timestamp),
        ("Session 3f2a9c81-77aa-4d10-9e0b-6b1f2c3d4e5f.", "Session 3f2a9c82-00aa-4d10-9e0b-6b1f2c3d4e5f.", .identifier),
        ("You have 12 credits.", "You have 13 credits.", .number),
        ("Be brief.  Be kind.", "Be brief. Be kind.", .whitespace),
        ("Be brief.", "Be verbose.", .text),
    ]) func saysWhyAPrefixBroke(before: String, after: String, cause: PrefixBreak.Cause) throws {
        let change = try #require(firstBreak(request(before), request(after)))
        #expect(change.cause == cause)
        #expect(change.section == .instructions)
        let common = zip(before.utf8, after.utf8).prefix { $0 == $1 }.count
        #expect(change.offset == common)
        #expect(change.lostBytes == PromptLayout(request(after)).bytes.count - common)
    }

    @Test func saysWhere() throws {
        let padding = String(repeating: "Be brief. ", count: 119)
        let before = request(padding + "Time: 2026-11-21 10:03")
        let after = request(padding + "Time: 2026-11-21 10:04")
        #expect(firstBreak(before, after)?.description == "byte 1,211: timestamp in the system prompt")
        let tools = firstBreak(
            request("s", tools: [tool("a"), tool("b")]),
            request("s", tools: [tool("a"), tool("b", "e")])
        )
        #expect(tools?.cause == .tools)
        #expect(tools?.section == .tool("b"))
        let edited = firstBreak(
            request("s", [.user("one"), .assistant("two"), .user("three")]),
            request("s", [.user("one"), .assistant("2"), .user("three")])
        )
        #expect(edited?.section == .message(2))
        let dropped = firstBreak(
            request("s", [.user("one"), .assistant("two"), .user("three")]),
            request("s", [.user("three")])
        )
        #expect(dropped?.section == .message(1))
    }

    @Test func theKeyForOpenAIIsThatOfWhatNeverChanges() {
        let hints = PromptCacheHints()
        let key = hints.openAIKey(of: request("Be brief.", tools: [tool("a"), tool("b")]))
        #expect(key == hints.openAIKey(of: request("Be brief.", tools: [tool("b"), tool("a")], [.user("Other")])))
        #expect(key != hints.openAIKey(of: request("Be kind.", tools: [tool("a"), tool("b")])))
        #expect(key != hints.openAIKey(of: request("Be brief.", tools: [tool("a")])))
        #expect(key.count <= 64)
    }

    private static func breakpoints(in value: JSONValue) -> Int {
        switch value {
        case .object(let object):
            object.members.reduce(0) { $0 + ($1.key == "cache_control" ? 1 : breakpoints(in: $1.value)) }
        case .array(let elements): elements.reduce(0) { $0 + breakpoints(in: $1) }
        default: 0
        }
    }

    @Test func anthropicsBreakpointsAreFourAtMostAndNeverTooEarly() {
        let long = String(repeating: "word ", count: 2_000)
        let hints = PromptCacheHints()
        func body(system: String, messages: Int, model: String = "claude-sonnet-4-5") -> JSONObject {
            [
                "model": .string(model), "max_tokens": 100, "system": .string(system),
                "tools": [["name": "a", "description": .string(long), "input_schema": [:]]],
                "messages": .array(
                    (0..<messages).map { ["role": $0.isMultiple(of: 2) ? "user" : "assistant", "content": "Hello"] }
                ),
            ]
        }
        let marked = hints.anthropic(body(system: long, messages: 9))
        #expect(Self.breakpoints(in: .object(marked)) == PromptCacheHints.maximumBreakpoints)
        #expect(marked["system"]?[0]?["text"]?.stringValue == long)
        #expect(marked["messages"]?[6]?["content"]?[0]?["cache_control"] == ["type": "ephemeral"])
        #expect(marked["messages"]?[8]?["content"]?[0]?["cache_control"] == ["type": "ephemeral"])
        #expect(hints.anthropic(marked) == marked)
        var short = body(system: "Be brief.", messages: 3)
        short["tools"] = nil
        #expect(hints.anthropic(short) == short)
        #expect(PromptCacheHints.minimumTokens(forAnthropicModel: "claude-3-haiku-20240307") == 2048)
    }

    @Test func readsBackWhatTheProviderCached() throws {
        let chat: JSONValue = [
            "prompt_tokens": 2000, "completion_tokens": 10, "prompt_tokens_details": ["cached_tokens": 1920],
        ]
        #expect(
            TokenUsage(usage: chat) == TokenUsage(promptTokens: 2000, cachedPromptTokens: 1920, completionTokens: 10)
        )
        let responses: JSONValue = [
            "input_tokens": 50, "output_tokens": 5, "input_tokens_details": ["cached_tokens": 32],
        ]
        #expect(TokenUsage(usage: responses)?.cachedPromptTokens == 32)
        let anthropic: JSONValue = [
            "input_tokens": 20, "cache_creation_input_tokens": 100, "cache_read_input_tokens": 3000, "output_tokens": 7,
        ]
        #expect(
            TokenUsage(usage: anthropic)
                == TokenUsage(promptTokens: 3120, cachedPromptTokens: 3000, completionTokens: 7)
        )
        #expect(TokenUsage(usage: .null) == nil)
    }
}
