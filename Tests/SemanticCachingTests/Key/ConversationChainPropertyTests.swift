import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

/// Over random conversations: whatever is said differently anywhere reaches the end of the chain, and how JSON is spelt
/// does not.
@Suite struct ConversationChainPropertyTests {
    private static let alphabet = Array("abcdefgh 0123,.?é价\u{1F600}\n\"\\/{}[]:")

    private func text(_ generator: inout SeededGenerator, atLeast least: Int = 1) -> String {
        String(
            (0..<Int.random(in: least...24, using: &generator)).map { _ in
                Self.alphabet.randomElement(using: &generator) ?? " "
            }
        )
    }

    private func value(_ generator: inout SeededGenerator, depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 2 ? 6 : 4), using: &generator) {
        case 0: return .string(text(&generator))
        case 1: return .integer(Int.random(in: -900...900, using: &generator))
        case 2: return .bool(Bool.random(using: &generator))
        case 3: return .string("")
        case 4: return .array((0..<3).map { _ in value(&generator, depth: depth + 1) })
        default: return .object(object(&generator, depth: depth + 1))
        }
    }

    private func object(_ generator: inout SeededGenerator, depth: Int = 0) -> JSONObject {
        var object = JSONObject()
        for index in 0..<Int.random(in: 1...4, using: &generator) {
            object["\(text(&generator))\(index)"] = value(&generator, depth: depth)
        }
        return object
    }

    private func conversation(_ generator: inout SeededGenerator) -> CacheRequest {
        var messages: [ChatMessage] = [.system(text(&generator))]
        for turn in 0..<Int.random(in: 2...6, using: &generator) {
            messages.append(.user(text(&generator)))
            if Bool.random(using: &generator) {
                messages.append(call(turn, JSONValue.object(object(&generator)).serializedText))
                let result = ChatContent.text(text(&generator))
                messages.append(ChatMessage(role: .tool, content: result, extra: ["tool_call_id": .integer(turn)]))
            }
            messages.append(.assistant(text(&generator)))
        }
        messages.append(.user(text(&generator)))
        return CacheRequest(
            messages: messages,
            parameters: GenerationParameters(fields: ["seed": 3, "max_tokens": 100, "stop": ["x"]]),
            scope: CacheScope(namespace: "n", model: "m")
        )
    }

    private func call(_ turn: Int, _ arguments: String) -> ChatMessage {
        ChatMessage(
            role: .assistant,
            content: nil,
            extra: [
                "tool_calls": [
                    [
                        "id": .integer(turn), "type": "function",
                        "function": ["name": "f", "arguments": .string(arguments)],
                    ]
                ]
            ]
        )
    }

    private func end(_ request: CacheRequest) -> Digest256 {
        RequestKey(request, namespace: request.scope.namespace).exact
    }

    private func arguments(_ message: ChatMessage) -> String? {
        message.extra["tool_calls"]?[0]?["function"]?["arguments"]?.stringValue
    }

    @Test func anySingleCharacterOfAnyMessageCounts() {
        var generator = SeededGenerator.announced(seed: 41)
        for _ in 0..<12 {
            let request = conversation(&generator)
            var ends: Set<Digest256> = [end(request)]
            var edits = 0
            for place in request.messages.indices {
                guard case .text(let text)? = request.messages[place].content else { continue }
                for index in text.indices {
                    var replaced = text
                    // Another character, none, and one more.
                    let other: Character = text[index] == "x" ? "y" : "x"
                    replaced.replaceSubrange(index...index, with: String(other))
                    var removed = text
                    removed.remove(at: index)
                    for edited in [replaced, removed, text[..<index] + "\u{7}" + text[index...]] {
                        var changed = request
                        changed.messages[place].content = .text(String(edited))
                        #expect(end(changed) != end(request), "message \(place): \(text) | \(edited)")
                        ends.insert(end(changed))
                        edits += 1
                    }
                }
            }
            #expect(edits > 50 && ends.count > edits / 2)
        }
    }

    @Test func anyRoleAnyParameterAndAnyPlaceCounts() {
        var generator = SeededGenerator.announced(seed: 42)
        for _ in 0..<40 {
            let request = conversation(&generator)
            var changes: [CacheRequest] = []
            for place in request.messages.indices {
                for role in [ChatRole.system, .developer, .user, .assistant, .tool]
                where role != request.messages[place].role {
                    var changed = request
                    changed.messages[place].role = role
                    changes.append(changed)
                }
                var removed = request
                removed.messages.remove(at: place)
                var doubled = request
                doubled.messages.insert(request.messages[place], at: place)
                changes += [removed, doubled]
            }
            for (field, value) in [("seed", 4), ("max_tokens", 101), ("stop", ["y"]), ("n", 2), ("unheard_of", 0)]
                as [(String, JSONValue)]
            {
                var changed = request
                changed.parameters[field] = value
                changes.append(changed)
                changed.parameters[field] = nil
                if request.parameters[field] != nil { changes.append(changed) }
            }
            let original = end(request)
            for changed in changes
            where changed.messages != request.messages || changed.parameters != request.parameters {
                #expect(end(changed) != original)
            }
        }
    }

    @Test func anyArgumentOfAToolCounts() throws {
        var generator = SeededGenerator.announced(seed: 43)
        var edits = 0
        for _ in 0..<60 {
            let request = conversation(&generator)
            for (place, message) in request.messages.enumerated() {
                guard let spelled = arguments(message) else { continue }
                let object = try JSONValue(parsing: spelled.utf8)
                for edited in leafEdits(of: object) where edited != object {
                    var changed = request
                    changed.messages[place] = call(0, edited.serializedText)
                    changed.messages[place].extra["tool_calls"] = replacing(message, edited.serializedText)
                    #expect(end(changed) != end(request), "\(spelled) | \(edited.serializedText)")
                    edits += 1
                }
            }
        }
        #expect(edits > 200)
    }

    @Test func howJSONIsSpeltDoesNot() throws {
        var generator = SeededGenerator.announced(seed: 44)
        var spellings = 0
        for _ in 0..<60 {
            let request = conversation(&generator)
            var changed = request
            for (place, message) in request.messages.enumerated() {
                guard let spelled = arguments(message) else { continue }
                let respelled = spell(try JSONValue(parsing: spelled.utf8), &generator)
                changed.messages[place].extra["tool_calls"] = replacing(message, respelled)
                spellings += respelled == spelled ? 0 : 1
            }
            #expect(end(changed) == end(request))
        }
        #expect(spellings > 30)
    }

    private func replacing(_ message: ChatMessage, _ arguments: String) -> JSONValue? {
        guard var call = message.extra["tool_calls"]?[0]?.objectValue, var function = call["function"]?.objectValue
        else {
            return nil
        }
        function["arguments"] = .string(arguments)
        call["function"] = .object(function)
        return [.object(call)]
    }

    /// The value with one thing changed: a leaf, a name, an order, or a member that is gone.
    private func leafEdits(of value: JSONValue) -> [JSONValue] {
        var edits: [JSONValue] = []
        switch value {
        case .string(let text): edits = [.string(text + "x"), .null, .array([value])]
        case .number: edits = [.string(value.serializedText), .integer((value.intValue ?? 0) + 1)]
        case .bool(let bool): edits = [.bool(!bool), .string("\(bool)")]
        case .null: edits = [false]
        case .array(let elements):
            edits = [.array(elements.reversed()), .array(elements + [.null])]
            for index in elements.indices {
                for edited in leafEdits(of: elements[index]) {
                    var changed = elements
                    changed[index] = edited
                    edits.append(.array(changed))
                }
            }
        case .object(let object):
            for member in object.members {
                var changed = object
                changed[member.key] = nil
                edits.append(.object(changed))
                changed[member.key + "y"] = member.value
                edits.append(.object(changed))
                for edited in leafEdits(of: member.value) {
                    var changed = object
                    changed[member.key] = edited
                    edits.append(.object(changed))
                }
            }
        }
        return edits
    }

    /// The same value in other letters: members in another order, white space, numbers and escapes in other forms.
    private func spell(_ value: JSONValue, _ generator: inout SeededGenerator) -> String {
        func space() -> String { ["", " ", "\n\t"].randomElement(using: &generator) ?? "" }
        switch value {
        case .string(let text):
            let letters = text.unicodeScalars.map { scalar in
                let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
                guard scalar.value <= 0xFFFF, mustEscape || Bool.random(using: &generator) else {
                    return String(scalar)
                }
                let digits = String(scalar.value, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            return "\"\(letters.joined())\""
        case .number(let number):
            let forms = [number.text, number.text + ".0", number.text + "e0", number.text + ".00E+0"]
            return forms.randomElement(using: &generator) ?? number.text
        case .array(let elements):
            return "[" + elements.map { space() + spell($0, &generator) + space() }.joined(separator: ",") + "]"
        case .object(let object):
            let members = object.members.shuffled(using: &generator).map { member in
                spell(.string(member.key), &generator) + space() + ":" + space() + spell(member.value, &generator)
            }
            return "{" + space() + members.joined(separator: "," + space()) + space() + "}"
        default: return value.serializedText
        }
    }
}
