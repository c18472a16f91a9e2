import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import OpenAI
import SemanticCaching
import Synchronization
import Testing

@testable import CacheServer

/// Which requests are answered where they are read, part by part and read by read.
@Suite struct InlineHitsTests {
    private struct Broken: Error {}

    private final class Questions: Sendable {
        private let list = Mutex<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func append(_ question: String) { list.withLock { $0.append(question) } }
    }

    /// A pipeline with the handler alone; it knows the answer to the body `known`.
    private final class Pipeline {
        let channel = EmbeddedChannel()
        let handler: InlineHits
        let questions = Questions()

        init() throws {
            handler = InlineHits { [questions] _, body in
                let question = String(buffer: body)
                questions.append(question)
                guard question == "known" else { return .nothing(Self.readAhead(body)) }
                return .answer(
                    WholeAnswer(
                        headers: [HTTPField(name: .contentType, value: "text/plain")],
                        body: ByteBuffer(string: "answer")
                    )
                )
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        private static func readAhead(_ body: ByteBuffer) -> ReadAhead? {
            guard let upstream = try? BaseURL("http://127.0.0.1:1/v1") else { return nil }
            let callers = ServerConfiguration.Callers(tenantSecret: Array(repeating: 7, count: 32))
            return ReadAhead(
                parsed: ParsedRequest(
                    api: .chatCompletions,
                    messages: [],
                    parameters: GenerationParameters(),
                    model: "m",
                    isStream: false,
                    includesUsage: false,
                    bodyControls: nil
                ),
                cacheRequest: CacheRequest(String(buffer: body), scope: CacheScope(model: "m")),
                tenant: "",
                body: (body, body),
                key: nil,
                version: .init(ServerConfiguration(upstream: upstream, callers: callers))
            )
        }

        /// The question that was read of the request under way.
        func takeQuestion() -> String? { handler.takeReadAhead()?.cacheRequest.question }

        /// Writes an answer as whoever serves the requests that go on.
        func answer() throws {
            try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
            try channel.writeOutbound(HTTPResponsePart.end(nil))
        }

        deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

        /// Delivers parts as one read.
        func read(_ parts: HTTPRequestPart...) {
            for part in parts { channel.pipeline.syncOperations.fireChannelRead(NIOAny(part)) }
            channel.pipeline.syncOperations.fireChannelReadComplete()
        }

        /// The parts that went on.
        func passed() throws -> [String] {
            var parts: [String] = []
            while let part = try channel.readInbound(as: HTTPRequestPart.self) {
                switch part {
                case .head: parts.append("head")
                case .body(let body): parts.append(String(buffer: body))
                case .end: parts.append("end")
                }
            }
            return parts
        }

        /// The parts that were sent.
        func sent() throws -> [HTTPResponsePart] {
            var parts: [HTTPResponsePart] = []
            while let part = try channel.readOutbound(as: HTTPResponsePart.self) { parts.append(part) }
            return parts
        }
    }

    private func head(
        _ length: String? = "5",
        method: HTTPRequest.Method = .post,
        path: String = "/v1/chat/completions",
        _ more: HTTPFields = [:]
    ) -> HTTPRequestPart {
        var fields = more
        fields[.contentLength] = length
        return .head(HTTPRequest(method: method, scheme: "http", authority: "h", path: path, headerFields: fields))
    }

    private func body(_ text: String) -> HTTPRequestPart { .body(ByteBuffer(string: text)) }

    @Test func whatIsKnownIsAnsweredOnTheSpot() throws {
        let pipeline = try Pipeline()
        pipeline.read(head(), body("kno"), body("wn"), .end(nil))
        let sent = try pipeline.sent()
        #expect(try pipeline.passed().isEmpty)
        try #require(sent.count == 3)
        guard case .head(let head) = sent[0], case .body(let body) = sent[1], case .end(nil) = sent[2] else {
            Issue.record("\(sent)")
            return
        }
        #expect(head.status == .ok)
        #expect(head.headerFields[.contentLength] == "6")
        #expect(head.headerFields[.date] != nil)
        #expect(String(buffer: body) == "answer")
    }

    @Test func whatIsNotKnownGoesOnUnchangedAndTheNextIsLookedAtOnceItIsAnswered() throws {
        let pipeline = try Pipeline()
        pipeline.read(head(), body("other"), .end(nil), head(), body("known"), .end(nil))
        // The second is known, but it must not overtake the first.
        #expect(try pipeline.passed() == ["head", "other", "end", "head", "known", "end"])
        #expect(try pipeline.sent().isEmpty)
        for _ in 0..<2 { try pipeline.answer() }
        _ = try pipeline.sent()
        pipeline.read(head(), body("known"), .end(nil))
        #expect(try pipeline.passed().isEmpty)
        #expect(try pipeline.sent().count == 3)
        #expect(pipeline.questions.all == ["other", "known"])
    }

    @Test func whatWasReadOfARequestIsGivenOnceAndForNoOther() throws {
        let pipeline = try Pipeline()
        pipeline.read(head(), body("first"), .end(nil))
        #expect(pipeline.takeQuestion() == "first")
        #expect(pipeline.takeQuestion() == nil)
        try pipeline.answer()
        // Nobody asks for what was read of the second; the third, which comes behind it, was not read.
        pipeline.read(head(), body("other"), .end(nil), head(), body("third"), .end(nil))
        #expect(pipeline.takeQuestion() == nil)
        for _ in 0..<2 { try pipeline.answer() }
        pipeline.read(head(), body("fifth"), .end(nil))
        try pipeline.answer()
        #expect(pipeline.takeQuestion() == nil, "it is answered already")
        pipeline.read(head(), body("sixth"), .end(nil))
        #expect(pipeline.takeQuestion() == "sixth")
    }

    @Test func whatIsStillArrivingGoesOn() throws {
        let pipeline = try Pipeline()
        pipeline.read(head(), body("kno"))
        #expect(try pipeline.passed() == ["head", "kno"])
        pipeline.read(body("wn"), .end(nil))
        #expect(try pipeline.passed() == ["wn", "end"])
        #expect(pipeline.questions.all.isEmpty)
    }

    @Test func whatBreaksInItsMiddleGoesOnWithItsFault() throws {
        let pipeline = try Pipeline()
        pipeline.channel.pipeline.syncOperations.fireChannelRead(NIOAny(head()))
        pipeline.channel.pipeline.syncOperations.fireErrorCaught(Broken())
        #expect(try pipeline.passed() == ["head"])
        #expect(throws: Broken.self) { try pipeline.channel.throwIfErrorCaught() }
    }

    @Test func onlySmallPostsOnConnectionsThatStayAreLookedAt() throws {
        let others: [HTTPRequestPart] = [
            head(method: .get), head(nil), head("65537"), head("five"), head(path: "/other"),
            head("5", [.connection: "close"]), head("5", [.expect: "100-continue"]),
        ]
        for other in others {
            let pipeline = try Pipeline()
            pipeline.read(other, body("known"), .end(nil))
            #expect(try pipeline.passed() == ["head", "known", "end"])
            #expect(pipeline.questions.all.isEmpty)
        }
        let pipeline = try Pipeline()
        pipeline.read(head("5", [.connection: "Keep-Alive"]), body("known"), .end(nil))
        #expect(try pipeline.sent().count == 3)
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_164_799, "Wed, 28 Feb 2024 23:59:59 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
    ])
    func datesAreWrittenAsTheStandardSays(seconds: Int, text: String) {
        #expect(HTTPDate.text(at: seconds) == text)
    }
}
