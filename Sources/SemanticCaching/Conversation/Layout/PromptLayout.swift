internal import StrictJSON

/// A prompt in the order in which providers cache it: what never changes first, what is new last.
///
///     tools (by name) │ system prompt │ documents │ history │ new turn
///     ◄────── the same in every request ──────►│
///
///     let layout = PromptLayout(request)
///     if let change = layout.firstBreak(since: previous) { print(change) }  // byte 1,204: timestamp in the system prompt
///
/// A provider's prompt cache serves the longest prefix that is the same, byte for byte, as one it has seen. The bytes here
/// are not the provider's tokens, but they change where those change: members are in canonical order, texts as they are.
public struct PromptLayout: Hashable, Sendable {
    /// A part of the prompt.
    public struct Section: Hashable, Sendable {
        /// What the part is.
        public enum Kind: Hashable, Sendable {
            /// The tool at a place in the order of names.
            case tool(String)
            /// The instructions above the conversation.
            case instructions
            /// A document that is given to answer from: a member of `documents`, or a part of a message.
            case document(Int)
            /// The message at a place in the request.
            case message(Int)
        }

        /// What the part is.
        public let kind: Kind
        /// Where it lies in the prompt.
        public let bytes: Range<Int>
    }

    /// The parts in their order.
    public let sections: [Section]
    /// The prompt.
    public let bytes: [UInt8]

    /// Lays a request out.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the request, and a sort of the tools.
    public init(_ request: CacheRequest) {
        var sections: [Section] = []
        var bytes: [UInt8] = []
        func add(_ kind: Section.Kind, _ text: String) {
            let start = bytes.count
            bytes += text.utf8
            bytes.append(UInt8(ascii: "\n"))
            sections.append(Section(kind: kind, bytes: start..<bytes.count))
        }
        for tool in Self.sortedTools(request.parameters["tools"]?.arrayValue ?? []) {
            add(.tool(Self.name(of: tool)), tool.canonicalText)
        }
        for message in request.messages.prefix(request.instructionCount) { add(.instructions, message.layoutText) }
        var documents = 0
        for document in request.parameters["documents"]?.arrayValue ?? [] {
            add(.document(documents), document.canonicalText)
            documents += 1
        }
        for (index, message) in request.messages.enumerated().dropFirst(request.instructionCount) {
            guard message.hasDocument else {
                add(.message(index), message.role.rawValue + ": " + message.layoutText)
                continue
            }
            for (isDocument, text) in message.layoutPieces {
                add(isDocument ? .document(documents) : .message(index), text)
                if isDocument { documents += 1 }
            }
        }
        self.sections = sections
        self.bytes = bytes
    }

    /// The request with its tools in the order of their names, so that an order that varies breaks no prefix, and with the
    /// documents of each message in front of its words, so that another question to them breaks the prefix behind them.
    ///
    /// Documents keep their order among each other: it may be their rank.
    public static func arranged(_ request: CacheRequest) -> CacheRequest {
        var arranged = request
        if let tools = request.parameters["tools"]?.arrayValue {
            arranged.parameters["tools"] = .array(sortedTools(tools))
        }
        for index in arranged.messages.indices {
            guard case .parts(let parts)? = arranged.messages[index].content, parts.contains(where: \.isDocument) else {
                continue
            }
            arranged.messages[index].content = .parts(
                parts.filter(\.isDocument) + parts.filter { !$0.isDocument }
            )
        }
        return arranged
    }

    private static func sortedTools(_ tools: [JSONValue]) -> [JSONValue] {
        tools.map { ($0, name(of: $0), $0.canonicalText) }.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
    }

    /// A tool's name: OpenAI has it inside a function, Anthropic beside its schema.
    private static func name(of tool: JSONValue) -> String {
        tool["function"]?["name"]?.stringValue ?? tool["name"]?.stringValue ?? tool["type"]?.stringValue ?? ""
    }

    /// The part at an offset; the last one for the end.
    func section(at offset: Int) -> Section? {
        sections.first { $0.bytes.contains(offset) } ?? sections.last
    }
}

extension ContentPart {
    /// Whether the part is a document or a file to answer from, in the words of OpenAI's or Anthropic's API.
    fileprivate var isDocument: Bool {
        guard case .other(let value) = self else { return false }
        return ["document", "file", "input_file", "search_result"].contains(value["type"]?.stringValue)
    }
}

extension ChatMessage {
    fileprivate var hasDocument: Bool {
        if case .parts(let parts)? = content { parts.contains(where: \.isDocument) } else { false }
    }

    /// The message of parts as it stands in the prompt, cut where a document begins or ends.
    fileprivate var layoutPieces: [(isDocument: Bool, text: String)] {
        guard case .parts(let parts)? = content else { return [] }
        let frame = role.rawValue + ": "
        var pieces: [(Bool, String)] = []
        for part in parts {
            if part.isDocument, case .other(let value) = part {
                pieces.append((true, frame + value.canonicalText))
            } else {
                pieces.append((false, frame + ChatMessage(role: role, content: .parts([part])).layoutText))
            }
        }
        if !extra.isEmpty { pieces.append((false, JSONValue.object(extra).canonicalText)) }
        return pieces
    }

    fileprivate var layoutText: String {
        let extra = JSONValue.object(self.extra)
        return transcriptText + (self.extra.isEmpty ? "" : extra.canonicalText)
    }
}

extension JSONValue {
    /// The value as JSON with the members of every object in the order of their names.
    var canonicalText: String { sortingMembers().serializedText }

    private func sortingMembers() -> JSONValue {
        switch self {
        case .object(let object):
            var sorted = JSONObject()
            for member in object.membersSortedByKey { sorted[member.key] = member.value.sortingMembers() }
            return .object(sorted)
        case .array(let elements): return .array(elements.map { $0.sortingMembers() })
        default: return self
        }
    }
}
