internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

/// Watches an answer's bytes go by and makes of them what can be stored; never disturbs their passage.
struct ReplyCapture: Sendable {
    private enum Kind {
        case object([UInt8])
        case chat(ServerSentEventParser, ChatStreamAssembler)
        case responses(ServerSentEventParser, ResponseStreamAssembler)
        case message(ServerSentEventParser, MessageStreamAssembler)
        /// The answer is not to be stored: it is no success, of another kind, too long or malformed.
        case nothing
    }

    private let api: WireAPI
    private let maximumBytes: Int
    private var kind: Kind

    /// Starts to watch an answer with this head.
    init(api: WireAPI, status: Int, contentType: String?, limits: ServerConfiguration.Limits) {
        self.api = api
        maximumBytes = limits.maximumCapturedBytes
        let type = contentType?.lowercased() ?? ""
        let parser = ServerSentEventParser(
            maximumLineBytes: limits.maximumEventLineBytes,
            maximumEventBytes: limits.maximumEventLineBytes
        )
        kind =
            switch (status == 200, type.hasPrefix("text/event-stream"), type.hasPrefix("application/json")) {
            case (true, true, _):
                switch api {
                case .chatCompletions: .chat(parser, ChatStreamAssembler(maximumBytes: maximumBytes))
                case .responses: .responses(parser, ResponseStreamAssembler(maximumBytes: maximumBytes))
                case .messages: .message(parser, MessageStreamAssembler(maximumBytes: maximumBytes))
                }
            case (true, false, true): .object([])
            default: .nothing
            }
    }

    /// Takes the next bytes.
    mutating func consume(_ bytes: some Collection<UInt8>) {
        // The state is moved out while it is changed: a second reference would copy all that was captured.
        var current = Kind.nothing
        swap(&current, &kind)
        do {
            switch current {
            case .nothing: break
            case .object(var whole):
                current = .nothing
                guard whole.count + bytes.count <= maximumBytes else { break }
                whole.append(contentsOf: bytes)
                current = .object(whole)
            case .chat(var parser, var assembler):
                current = .nothing
                for event in try parser.feed(bytes) { try assembler.apply(event) }
                current = .chat(parser, assembler)
            case .responses(var parser, var assembler):
                current = .nothing
                for event in try parser.feed(bytes) { try assembler.apply(event) }
                current = .responses(parser, assembler)
            case .message(var parser, var assembler):
                current = .nothing
                for event in try parser.feed(bytes) { try assembler.apply(event) }
                current = .message(parser, assembler)
            }
        } catch {
            current = .nothing
        }
        kind = current
    }

    /// The answer, now that its last byte has come; nil if it is none to be stored.
    func finish() -> CachedReply? {
        switch kind {
        case .nothing: return nil
        case .object(let bytes):
            guard let json = try? JSONValue(parsing: bytes) else { return nil }
            return ReplyCodec.reply(from: json, bytes: bytes, api: api)
        case .chat(_, let assembler):
            guard let json = try? assembler.completion() else { return nil }
            return ReplyCodec.reply(from: json, api: api)
        case .responses(_, let assembler):
            guard let json = try? assembler.response() else { return nil }
            return ReplyCodec.reply(from: json, api: api)
        case .message(_, let assembler):
            guard let json = try? assembler.completeMessage() else { return nil }
            return ReplyCodec.reply(from: json, api: api)
        }
    }
}
