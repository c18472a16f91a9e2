import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct RequestKeyTests {
    private func key(_ request: CacheRequest) -> RequestKey {
        RequestKey(request, namespace: request.scope.namespace)
    }

    private func request(_ edit: (inout CacheRequest) -> Void = { _ in }) -> CacheRequest {
        var request = CacheRequest(
            messages: [.system("Be brief."), .user("Where is it?"), .assistant("Here."), .user("How much is it?")],
            parameters: GenerationParameters(fields: ["temperature": 0, "max_tokens": 100, "seed": 7]),
            scope: CacheScope(tenant: "acme", namespace: "faq", model: "m", promptVersion: "1")
        )
        edit(&request)
        return request
    }

    /// Each edit must lead to another exact key; the flag says whether it leads to another partition as well.
    private static let edits: [(String, Bool, @Sendable (inout CacheRequest) -> Void)] = [
        ("question", false, { $0.messages[3] = .user("How much was it?") }),
        ("tenant", true, { $0.scope.namespace = NamespaceID(tenant: "other", name: "faq") }),
        ("namespace", true, { $0.scope.namespace = NamespaceID(tenant: "acme", name: "faq2") }),
        ("tenant/namespace boundary", true, { $0.scope.namespace = NamespaceID(tenant: "acmef", name: "aq") }),
        ("model", true, { $0.scope.model = "m2" }),
        ("prompt version", true, { $0.scope.promptVersion = "2" }),
        ("system prompt", true, { $0.messages[0] = .system("Be brief!") }),
        ("role", true, { $0.messages[0].role = .developer }),
        ("earlier turn", true, { $0.messages[2] = .assistant("There.") }),
        ("dropped turn", true, { $0.messages.remove(at: 1) }),
        ("name", true, { $0.messages[3].extra["name"] = "bob" }),
        ("tool call id", true, { $0.messages[2].extra["tool_call_id"] = "x" }),
        ("temperature", true, { $0.parameters["temperature"] = 0.5 }),
        ("seed", true, { $0.parameters["seed"] = 8 }),
        ("stop", true, { $0.parameters["stop"] = ["\n"] }),
        ("n", true, { $0.parameters["n"] = 2 }),
        ("logit bias", true, { $0.parameters["logit_bias"] = ["50256": -100] }),
        ("tools", true, { $0.parameters["tools"] = [["type": "function", "function": ["name": "f"]]] }),
        ("response format", true, { $0.parameters["response_format"] = ["type": "json_object"] }),
        ("unknown field", true, { $0.parameters["new_field"] = true }),
        ("unknown field is false", true, { $0.parameters["new_field"] = false }),
        ("absent max_tokens", true, { $0.parameters["max_tokens"] = nil }),
    ]

    @Test(arguments: edits.indices) func whatCanChangeTheAnswerChangesTheKey(index: Int) {
        let (name, changesPartition, edit) = Self.edits[index]
        let original = key(request())
        let edited = key(request(edit))
        #expect(original.exact != edited.exact, "\(name)")
        #expect(original.makeCheck() != edited.makeCheck(), "\(name)")
        #expect((original.partition != edited.partition) == changesPartition, "\(name)")
    }

    private static let sameMeanings: [(String, @Sendable (inout CacheRequest) -> Void)] = [
        (
            "ignored fields",
            {
                $0.parameters["stream"] = true
                $0.parameters["user"] = "u"
            }
        ),
        ("null", { $0.parameters["stop"] = .null }),
        (
            "documented defaults",
            {
                $0.parameters["n"] = 1
                $0.parameters["top_p"] = 1.0
                $0.parameters["tools"] = []
            }
        ),
        ("number spelling", { $0.parameters["max_tokens"] = .number(JSONNumber("1.00e2") ?? JSONNumber(0)) }),
        ("negative zero", { $0.parameters["temperature"] = .number(JSONNumber("-0.0") ?? JSONNumber(1)) }),
        ("one text part", { $0.messages[3].content = .parts([.text("How much is it?")]) }),
        ("null extra", { $0.messages[1].extra["name"] = .null }),
        ("controls", { $0.controls = CacheControls(noStore: true, tags: ["a"]) }),
        (
            "order of fields",
            { $0.parameters = GenerationParameters(fields: ["seed": 7, "max_tokens": 100, "temperature": 0]) }
        ),
    ]

    @Test(arguments: sameMeanings.indices) func equalMeaningKeepsTheKey(index: Int) {
        let (name, edit) = Self.sameMeanings[index]
        #expect(key(request()).exact == key(request(edit)).exact, "\(name)")
        #expect(key(request()).makeCheck() == key(request(edit)).makeCheck(), "\(name)")
        #expect(key(request()).partition == key(request(edit)).partition, "\(name)")
    }

    @Test func textsInOneNormalFormShareTheKey() {
        let composed = key(request { $0.messages[3] = .user("caf\u{E9} 价格 \u{AC00}") })
        let decomposed = key(request { $0.messages[3] = .user("cafe\u{301} 价格 \u{1100}\u{1161}") })
        #expect(composed.exact == decomposed.exact)
        #expect(composed.exact != key(request { $0.messages[3] = .user("cafe 价格 \u{AC00}") }).exact)
    }

    @Test func spellingOfToolArgumentsDoesNotMatter() {
        func call(_ arguments: String) -> CacheRequest {
            request {
                $0.messages[2] = ChatMessage(
                    role: .assistant,
                    content: nil,
                    extra: [
                        "tool_calls": [
                            [
                                "id": "1", "type": "function",
                                "function": ["name": "f", "arguments": .string(arguments)],
                            ]
                        ]
                    ]
                )
            }
        }
        let original = key(call(#"{"a": 1, "b": "x"}"#)).exact
        #expect(original == key(call(#"{"b":"\u0078","a":1.0}"#)).exact)
        #expect(original != key(call(#"{"a": 2, "b": "x"}"#)).exact)
        #expect(original != key(call(#"[{"a": 1, "b": "x"}]"#)).exact)
        #expect(original != key(call("not json")).exact)
    }

    @Test func imagesAreKnownByTheirDigest() {
        func image(_ bytes: [UInt8]) -> CacheRequest {
            request { $0.messages[3].content = .parts([.text("What is it?"), .data(bytes, mediaType: "image/png")]) }
        }
        #expect(key(image([1, 2, 3])).exact == key(image([1, 2, 3])).exact)
        #expect(key(image([1, 2, 3])).exact != key(image([1, 2, 4])).exact)
        #expect(key(image([1, 2, 3])).partition == nil)
    }

    @Test func aLongerConversationExtendsTheChain() {
        let short = key(request { $0.messages.removeLast() })
        let long = key(request())
        #expect(Array(long.chain.dropLast()) == short.chain)
    }

    @Test func onlyAUsersTextIsMatchedInMeaning() {
        #expect(key(request()).partition != nil)
        #expect(key(request { $0.messages[3].role = .tool }).partition == nil)
        #expect(key(request { $0.messages = [] }).partition == nil)
    }

    @Test func everySingleCharacterOfEveryTurnIsInTheKey() {
        var generator = SeededGenerator.announced(seed: 11)
        let original = key(request())
        for (index, message) in request().messages.enumerated() {
            guard case .text(let text)? = message.content else { continue }
            for position in text.indices {
                var changed = text
                let letter = Character(Unicode.Scalar(UInt8.random(in: 33...126, using: &generator)))
                changed.replaceSubrange(position...position, with: [letter])
                guard changed != text else { continue }
                let edited = key(request { $0.messages[index].content = .text(changed) })
                #expect(edited.exact != original.exact)
                #expect((edited.partition == original.partition) == (index == 3))
            }
        }
    }
}
