import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct ConversationChainTests {
    private func chain(_ request: CacheRequest, keepsPrefixes: Bool = false) -> ConversationChain {
        var chain = ConversationChain(
            scopeOf: request,
            namespace: request.scope.namespace,
            keepsPrefixes: keepsPrefixes
        )
        for message in request.messages { chain.append(message) }
        return chain
    }

    /// A conversation of an agent: text, parts, a tool's call and its result.
    private func agentConversation() -> CacheRequest {
        let arguments = #"{"city": "Paris", "days": 3, "units": {"temp": "C"}}"#
        return CacheRequest(
            messages: [
                .system("You plan trips."), .user("Plan Paris."),
                ChatMessage(
                    role: .assistant,
                    content: nil,
                    extra: [
                        "tool_calls": [
                            [
                                "id": "call_1", "type": "function",
                                "function": ["name": "weather", "arguments": .string(arguments)],
                            ]
                        ]
                    ]
                ),
                ChatMessage(role: .tool, content: .text("rain, 14"), extra: ["tool_call_id": "call_1"]),
                .assistant("Take an umbrella."),
                ChatMessage(
                    role: .user,
                    content: .parts([
                        .text("And this?"), .data([1, 2, 3], mediaType: "image/png"),
                        .other(["type": "input_audio", "input_audio": ["data": "AAAA", "format": "wav"]]),
                    ])
                ),
            ],
            parameters: GenerationParameters(fields: ["temperature": 0, "max_tokens": 100]),
            scope: CacheScope(namespace: "trips", model: "m")
        )
    }

    @Test func everyPrefixHasTheLinkOfTheShorterConversation() {
        let request = agentConversation()
        let whole = chain(request, keepsPrefixes: true)
        for count in 0...request.messages.count {
            var shorter = request
            shorter.messages = Array(request.messages.prefix(count))
            let key = RequestKey(shorter, namespace: request.scope.namespace)
            #expect(whole.links[count] == key.exact)
            #expect(whole.makeCheck(ofPrefix: count) == key.makeCheck())
        }
    }

    @Test func extendingByAMessageChangesNothingBeforeIt() {
        let request = agentConversation()
        var grown = chain(request)
        let before = grown.links
        grown.append(.assistant("It is the Louvre."))
        #expect(Array(grown.links.dropLast()) == before)
        var longer = request
        longer.messages.append(.assistant("It is the Louvre."))
        #expect(grown.links == chain(longer).links)
    }

    /// Whatever differs in an early message differs in every later link.
    private static let edits: [(String, @Sendable (inout CacheRequest) -> Void)] = [
        ("role", { $0.messages[1].role = "developer" }),
        ("argument", { edit(&$0, #"{"city": "Paris", "days": 4, "units": {"temp": "C"}}"#) }),
        ("nested argument", { edit(&$0, #"{"city": "Paris", "days": 3, "units": {"temp": "F"}}"#) }),
        ("argument is a text", { edit(&$0, #"{"city": "Paris", "days": "3", "units": {"temp": "C"}}"#) }),
        ("tool", { $0.messages[2].extra["tool_calls"] = nil }),
        ("tool result", { $0.messages[3].content = .text("rain, 15") }),
        ("tool call id", { $0.messages[3].extra["tool_call_id"] = "call_2" }),
        ("image", { replacePart(&$0, 1, .data([1, 2, 4], mediaType: "image/png")) }),
        ("media type", { replacePart(&$0, 1, .data([1, 2, 3], mediaType: "image/gif")) }),
        ("audio", { replacePart(&$0, 2, .other(["type": "input_audio", "input_audio": ["data": "AAAB"]])) }),
        ("part's text", { replacePart(&$0, 0, .text("And that?")) }),
        ("temperature", { $0.parameters["temperature"] = 0.1 }),
        ("order", { $0.messages.swapAt(3, 4) }),
    ]

    private static func edit(_ request: inout CacheRequest, _ arguments: String) {
        request.messages[2].extra["tool_calls"] = [
            ["id": "call_1", "type": "function", "function": ["name": "weather", "arguments": .string(arguments)]]
        ]
    }

    private static func replacePart(_ request: inout CacheRequest, _ index: Int, _ part: ContentPart) {
        guard case .parts(var parts)? = request.messages[5].content else { return }
        parts[index] = part
        request.messages[5].content = .parts(parts)
    }

    @Test(arguments: edits.indices) func anyChangeReachesTheEnd(index: Int) throws {
        let (name, edit) = Self.edits[index]
        var edited = agentConversation()
        edit(&edited)
        #expect(edited.messages != agentConversation().messages || edited.parameters != agentConversation().parameters)
        var (first, second) = (chain(agentConversation()), chain(edited))
        for _ in 0..<3 {
            let ends = try (#require(first.links.last), #require(second.links.last))
            #expect(ends.0 != ends.1, "\(name)")
            first.append(.user("Go on."))
            second.append(.user("Go on."))
        }
    }

    @Test func randomEditsOfLongConversationsNeverShareALinkBehindThem() {
        var generator = SeededGenerator.announced(seed: 31)
        let alphabet = Array("abc 012,é价\u{1F600}\n\"\\")
        func text() -> String {
            String(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? " "
                }
            )
        }
        for _ in 0..<60 {
            let roles: [ChatRole] = [.user, .assistant, .tool]
            let messages = (0..<30).map { index in ChatMessage(roles[index % 3], text()) }
            let request = CacheRequest(messages: messages, scope: CacheScope(model: "m"))
            let original = chain(request)
            let place = Int.random(in: 0..<30, using: &generator)
            var edited = request
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: edited.messages[place] = ChatMessage(messages[place].role, text() + "x")
            case 1: edited.messages[place].role = messages[place].role == .user ? .assistant : .user
            case 2: edited.messages.remove(at: place)
            default: edited.messages[place].extra["name"] = "n"
            }
            guard edited.messages != messages else { continue }
            let changed = chain(edited)
            #expect(Array(original.links.prefix(place + 1)) == Array(changed.links.prefix(place + 1)))
            #expect(Set(original.links.dropFirst(place + 1)).isDisjoint(with: changed.links.dropFirst(place + 1)))
        }
    }

    @Test func equalMeaningInJSONKeepsEveryLink() throws {
        var spelled = agentConversation()
        Self.edit(&spelled, #"{"units":{"temp":"\u0043"},"days":3.0e0,"city":"P\u0061ris"}"#)
        #expect(chain(spelled).links == chain(agentConversation()).links)
        func legacy(_ arguments: String) -> CacheRequest {
            var request = agentConversation()
            request.messages[2].extra = ["function_call": ["name": "weather", "arguments": .string(arguments)]]
            return request
        }
        #expect(chain(legacy(#"{"a":1,"b":2}"#)).links == chain(legacy(#"{ "b": 2.0, "a": 1 }"#)).links)
        #expect(chain(legacy(#"{"a":1,"b":2}"#)).links != chain(legacy(#"{"a":1,"b":3}"#)).links)
    }

    @Test func partsCannotBeReadInTwoWays() {
        let value: JSONValue = ["type": "x"]
        var request = agentConversation()
        // A type and a digest beside each other must not read like a text and another part, whatever they contain.
        let digest = Digest256(hashing: [7])
        request.messages = [
            ChatMessage(
                role: .user,
                content: .parts([.data(mediaType: "a", digest: digest), .text("b"), .other(value)])
            )
        ]
        var other = request
        other.messages = [
            ChatMessage(
                role: .user,
                content: .parts([.text("a"), .other(value), .data(mediaType: "b", digest: digest)])
            )
        ]
        #expect(chain(request).links != chain(other).links)
    }

    @Test func bytesThatAreNoTextAreAClearError() throws {
        #expect(try ChatContent(utf8: Array("价格".utf8)) == .text("价格"))
        let error = #expect(throws: CacheError.self) { try ChatContent(utf8: Array("ab价".utf8) + [0xFF, 0x61]) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("byte 5") == true)
    }
}
