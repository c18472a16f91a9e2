import HTTPTypes
import StrictJSON

@testable import CacheServer
@testable import OpenAI
@testable import SemanticCaching

extension FuzzTarget {
    /// Bytes give the same events however they are cut; what was read can be written and read again.
    static let eventStream = FuzzTarget(name: "event-stream") { bytes in
        let whole = events(of: [bytes[...]])
        let cut = Int(bytes.first ?? 0) % max(1, bytes.count)
        try demand(events(of: [bytes[..<cut], bytes[cut...]]) == whole, "cutting the stream changed its events")
        try demand(events(of: bytes.map { [$0] }) == whole, "single bytes gave other events")
        guard let whole else { return }
        try demand(events(of: whole.map(\.serialized)) == whole, "written events read differently")
        try checkChat(whole)
        var messages = MessageStreamAssembler(maximumBytes: 1 << 16)
        var responses = ResponseStreamAssembler(maximumBytes: 1 << 16)
        for event in whole where (try? responses.apply(event)) == nil { break }
        for event in whole where (try? messages.apply(event)) == nil { break }
        _ = try? responses.response()
        _ = try? messages.completeMessage()
    }

    /// A whole reply survives being replayed.
    private static func checkChat(_ events: [ServerSentEvent]) throws {
        var assembler = ChatStreamAssembler(maximumBytes: 1 << 16)
        for event in events where (try? assembler.apply(event)) == nil { return }
        guard let completion = try? assembler.completion() else { return }
        var second = ChatStreamAssembler()
        for event in ChatStreamRenderer(includesUsage: true).events(replaying: completion) {
            _ = try demanded(try second.apply(event), "a replayed reply is refused")
        }
        _ = try demanded(try second.completion(), "a replayed reply is not whole")
    }

    private static func events(of pieces: some Sequence<some Sequence<UInt8>>) -> [ServerSentEvent]? {
        var parser = ServerSentEventParser(maximumLineBytes: 1 << 12, maximumEventBytes: 1 << 14)
        var events: [ServerSentEvent] = []
        for piece in pieces {
            guard let more = try? parser.feed(piece) else { return nil }
            events += more
        }
        return events
    }

    /// A byte for the API and the kind, then an upstream's answer: what is stored of it is the same however it came in,
    /// and says the same when it is sent out again.
    static let upstreamReply = FuzzTarget(name: "upstream-reply") { bytes in
        guard let kind = bytes.first else { return }
        let api = WireAPI.allCases[Int(kind & 0x7F) % WireAPI.allCases.count]
        let type = kind & 0x80 == 0 ? "application/json" : "text/event-stream"
        let body = bytes.dropFirst()
        let reply = captured([body], as: type, api)
        try demand(captured(body.map { [$0] }, as: type, api) == reply, "cutting the answer changed what is stored")
        guard let reply else { return }
        var counters = LookupCounters().snapshot
        counters.savedTokens = reply.usage.map { $0.promptTokens + $0.completionTokens } ?? 0
        try demand((counters + counters).savedTokens >= 0, "tokens that add up to nothing")
        let plain = ReplyCodec.json(of: reply, api: api, model: "m") { TokenUsage() }
        let again = try demanded(captured([plain], as: "application/json", api), "a stored answer is not one to store")
        try demand(again.text == reply.text && again.finishReason == reply.finishReason, "it says something else")
        for other in WireAPI.allCases {
            let form = WireForm(isStream: true, includesUsage: true)
            let events = ReplyCodec.events(of: reply, api: other, model: "m", form: form) { TokenUsage() }
            let replayed = captured(events.map(\.serialized), as: "text/event-stream", other)
            // What came as one object may have members that no stream can carry; what came as a stream has not.
            guard other == api, kind & 0x80 != 0 else { continue }
            try demand(replayed?.text == reply.text, "replayed, it says something else")
            try demand(replayed?.finishReason == reply.finishReason, "replayed, it ends for another reason")
        }
    }

    private static func captured(
        _ pieces: some Sequence<some Collection<UInt8>>,
        as type: String,
        _ api: WireAPI
    ) -> CachedReply? {
        var limits = ServerConfiguration.Limits()
        limits.maximumCapturedBytes = 1 << 16
        var capture = ReplyCapture(api: api, status: 200, contentType: type, limits: limits)
        for piece in pieces { capture.consume(piece) }
        return capture.finish()
    }

    /// Answers of an embedding server, errors, base64, waits.
    static let providerReply = FuzzTarget(name: "provider-reply") { bytes in
        for count in 0..<3 {
            guard let vectors = try? EmbeddingsWire.vectors(parsing: bytes, count: count) else { continue }
            try demand(vectors.count == count, "another number of vectors")
        }
        if let error = OpenAIErrorBody(parsing: bytes) {
            let again = OpenAIErrorBody(parsing: error.json.serialized())
            try demand(again == error, "an error that was written reads differently")
        }
        try demand(Base64.decode(Base64.encode(bytes)) == bytes, "base64 loses bytes")
        let text = String(decoding: bytes, as: UTF8.self)
        _ = Base64.decode(text)
        if let wait = RetryAfter.wait(parsing: text, unixTime: 1.7e9) { try demand(wait >= .zero, "a negative wait") }
    }
}
