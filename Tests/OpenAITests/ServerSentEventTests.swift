import OpenAI
import Testing

@Suite struct ServerSentEventTests {
    private func events(_ text: String) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return try parser.feed(Array(text.utf8))
    }

    @Test(arguments: [
        ("data: a\n\n", [ServerSentEvent(data: "a")]),
        ("data:a\r\rdata: b\r\n\r\n", [.init(data: "a"), .init(data: "b")]),
        ("data: a\ndata: b\ndata\n\n", [.init(data: "a\nb\n")]),
        ("data:  two spaces\n\n", [.init(data: " two spaces")]),
        ("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n", [.init(data: "a")]),
        (": comment\n\n:\nevent: x\n: another\ndata: a\n\n", [.init(type: "x", data: "a")]),
        ("event: lost\n\ndata: a\n\n", [.init(data: "a")]),
        ("id: 7\nretry: 10\nunknown: z\nnocolon\ndata: a\n\n", [.init(data: "a")]),
        ("data\n\n", [.init(data: "")]),
        ("event:\ndata: a\n\n", [.init(data: "a")]),
        ("data: cut off\n", []),
        ("data: cut off", []),
        ("\n\n\n", []),
    ])
    func theStandardIsKept(text: String, expected: [ServerSentEvent]) throws {
        #expect(try events(text) == expected)
    }

    @Test func boundsHold() throws {
        var parser = ServerSentEventParser(maximumLineBytes: 16, maximumEventBytes: 12)
        #expect(try parser.feed(Array("data: 0123456789\n\n".utf8)).count == 1)
        #expect(throws: ServerSentEventError.lineTooLong(limit: 16)) {
            try parser.feed(Array("data: 0123456789a".utf8))
        }
        var second = ServerSentEventParser(maximumLineBytes: 16, maximumEventBytes: 12)
        #expect(throws: ServerSentEventError.eventTooLarge(limit: 12)) {
            try second.feed(Array("data: 012345\ndata: 678901\n".utf8))
        }
        var third = ServerSentEventParser()
        #expect(throws: ServerSentEventError.notUTF8) {
            try third.feed(Array("data: ".utf8) + [0xFF, 0x0A])
        }
    }

    /// The same bytes give the same events however they are cut, and never a fault of the program.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func cutsDoNotMatter(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let atoms = [
            "data: ", "data:", "event: ", "id: 1", ": c", "\n", "\r", "\r\n", "\n\n", "x", "é", "🦊", " ",
            ":",
            "\u{FEFF}", "[DONE]", "{\"a\":1}",
        ]
        let text = (0..<Int.random(in: 0..<120, using: &random)).map { _ in
            atoms[Int.random(in: atoms.indices, using: &random)]
        }.joined()
        let bytes = Array(text.utf8)
        let whole = try events(text)
        var parser = ServerSentEventParser()
        var pieces: [ServerSentEvent] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...7, using: &random))
            pieces += try parser.feed(bytes[start..<end])
            start = end
        }
        #expect(pieces == whole, "seed \(seed)")
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func whatIsWrittenIsRead(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let atoms = ["a", "\n", " ", ":", "é", "\n\n", "data: ", "🦊", "\u{FEFF}"]
        let original = (0..<10).map { number in
            ServerSentEvent(
                type: number.isMultiple(of: 2) ? nil : "t\(number)",
                data: (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                    atoms[Int.random(in: atoms.indices, using: &random)]
                }.joined()
            )
        }
        var parser = ServerSentEventParser()
        #expect(try parser.feed(original.flatMap(\.serialized)) == original, "seed \(seed)")
    }

    @Test func otherLineBreaksBecomeLineFeeds() throws {
        let event = ServerSentEvent(type: "a\r\nevent: b", data: "1\r\n2\r3")
        var parser = ServerSentEventParser()
        #expect(
            try parser.feed(event.serialized) == [ServerSentEvent(type: "aevent: b", data: "1\n2\n3")]
        )
    }
}
