import StrictJSON
import Testing

@testable import OpenAI

/// What a stream spells is appended to where it lies: with a copy for each delta, long streams would take the square of
/// their length.
@Suite struct StreamGrowthTests {
    private static let deltaCount = 4_000
    private static let piece = "a piece "
    private static let whole = String(repeating: piece, count: deltaCount)
    /// A text that doubles its room moves once for each doubling; one that is copied moves with each delta.
    private static let mostMoves = 32

    /// How often a growing text came to lie elsewhere in memory.
    private struct Moves {
        private(set) var count = 0
        private var address: UInt = 0

        mutating func note(_ text: String?) {
            // Shorter texts lie in the value itself.
            guard let text, text.utf8.count > 15 else { return }
            let now = text.utf8.withContiguousStorageIfAvailable { UInt(bitPattern: $0.baseAddress) } ?? 0
            if now != address { count += 1 }
            address = now
        }
    }

    private func chunk(_ delta: JSONValue) -> JSONValue {
        ["id": "c", "model": "m", "choices": [["index": 0, "delta": delta]]]
    }

    private func assemble(_ delta: JSONValue, _ growing: (JSONObject) -> JSONValue?) throws {
        var assembler = ChatStreamAssembler()
        var moves = Moves()
        for _ in 0..<Self.deltaCount {
            try assembler.apply(chunk: chunk(delta))
            moves.note(assembler.choices[0].flatMap { growing($0.message) }?.stringValue)
        }
        #expect(assembler.choices[0].flatMap { growing($0.message) }?.stringValue == Self.whole)
        #expect((1...Self.mostMoves).contains(moves.count), "\(moves.count) moves")
    }

    @Test func aMemberOfAMessageGrowsWhereItLies() throws {
        try assemble(["reasoning_content": .string(Self.piece)]) { $0["reasoning_content"] }
    }

    @Test func theArgumentsOfAToolGrowWhereTheyLie() throws {
        let call: JSONValue = ["index": 0, "function": ["name": "", "arguments": .string(Self.piece)]]
        try assemble(["tool_calls": [call]]) { $0["tool_calls"]?[0]?["function"]?["arguments"] }
    }

    @Test(arguments: [("text_delta", "text"), ("thinking_delta", "thinking"), ("signature_delta", "signature")])
    func aBlockOfAMessageGrowsWhereItLies(type: String, field: String) throws {
        func event(_ json: JSONValue) -> ServerSentEvent { ServerSentEvent(data: json.serializedText) }
        var assembler = MessageStreamAssembler()
        try assembler.apply(event(["type": "message_start", "message": ["stop_reason": "end_turn"]]))
        let block: JSONValue = .object([field: "", "type": "b"])
        try assembler.apply(event(["type": "content_block_start", "index": 0, "content_block": block]))
        let delta: JSONValue = .object(["type": .string(type), field: .string(Self.piece)])
        let next = event(["type": "content_block_delta", "index": 0, "delta": delta])
        var moves = Moves()
        for _ in 0..<Self.deltaCount {
            try assembler.apply(next)
            moves.note(assembler.growth.texts[field])
        }
        #expect((1...Self.mostMoves).contains(moves.count), "\(moves.count) moves")
        try assembler.apply(event(["type": "content_block_stop", "index": 0]))
        try assembler.apply(event(["type": "message_stop"]))
        let message = try assembler.completeMessage()
        #expect(message["content"]?[0]?[field]?.stringValue == Self.whole)
        // The members stand where the block's beginning had them.
        #expect(message["content"]?[0]?.objectValue?.members.map(\.key) == [field, "type"])
    }

    @Test func membersKeepTheirPlacesAndTypes() throws {
        var total = JSONObject()
        for delta: JSONObject in [
            ["a": nil, "b": "x", "c": [["index": 1, "t": "p"]], "d": 1], ["b": "y", "a": "first"], ["b": nil, "d": 2],
            ["c": [["index": 0, "t": "o"], ["index": 1, "t": "q"], "loose"], "e": ["f": ["g"]]], ["e": ["f": ["h"]]],
        ] {
            try DeltaMerge.merge(delta, into: &total)
        }
        let expected = #"{"a":"first","b":"xy","c":[{"index":0,"t":"o"},{"index":1,"t":"pq"},"loose"],"d":2,"#
        #expect(JSONValue.object(total).serializedText == expected + #""e":{"f":["g","h"]}}"#)
        for delta: JSONObject in [["d": "text"], ["b": ["x"]], ["c": "text"], ["e": []], ["b": ["x": 1]]] {
            var copy = total
            #expect(throws: StreamAssemblyError.inconsistent("a field changes its type")) {
                try DeltaMerge.merge(delta, into: &copy)
            }
        }
    }

    @Test func citationsGatherBehindThoseOfTheBeginning() throws {
        var assembler = MessageStreamAssembler()
        for json: JSONValue in [
            ["type": "message_start", "message": ["stop_reason": "end_turn"]],
            [
                "type": "content_block_start", "index": 0,
                "content_block": ["type": "text", "citations": [1], "text": "a"],
            ],
            ["type": "content_block_delta", "index": 0, "delta": ["type": "citations_delta", "citation": 2]],
            ["type": "content_block_delta", "index": 0, "delta": ["type": "text_delta", "text": "b"]],
            ["type": "content_block_delta", "index": 0, "delta": ["type": "citations_delta", "citation": 3]],
            ["type": "content_block_stop", "index": 0], ["type": "message_stop"],
        ] {
            try assembler.apply(ServerSentEvent(data: json.serializedText))
        }
        #expect(
            try assembler.completeMessage()["content"] == [["type": "text", "citations": [1, 2, 3], "text": "ab"]]
        )
    }
}
