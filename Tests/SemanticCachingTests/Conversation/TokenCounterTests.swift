import Foundation
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct TokenCounterTests {
    @Test func theEstimateIsNearFourCharactersATokenInEnglishAndOneIdeographInChinese() {
        let counter = EstimatedTokenCounter()
        let english = "The quick brown fox jumps over the lazy dog and runs away into the forest."
        // 16 tokens in cl100k and o200k.
        #expect((14...18).contains(counter.count(english)))
        #expect((8...14).contains(counter.count("请问如何重置我的登录密码")))
        #expect(counter.count("") == 0)
        #expect(counter.count("a") == 1)
    }

    @Test func aMessageCostsItsFrameAndEveryPart() {
        let counter = EstimatedTokenCounter()
        let text = counter.count(ChatMessage.user("What is a token?"))
        #expect(text == 3 + counter.count("user") + counter.count("What is a token?"))
        let call = ChatMessage(role: .assistant, content: nil, extra: ["tool_calls": [["id": "1"]]])
        #expect(counter.count(call) > counter.count(ChatMessage(role: .assistant, content: nil)))
        #expect(counter.count([ChatMessage.user("What is a token?")]) == text + 3)
    }

    /// Single bytes, and a few merges in their order.
    private static let merges = ["th", "the", " the", "in", "ing", "lo", "low", "er", "lower", " low"]

    private static func tiktoken() -> [UInt8] {
        var lines: [String] = []
        for byte in UInt8.min...UInt8.max { lines.append("\(Data([byte]).base64EncodedString()) \(byte)") }
        for (index, merge) in merges.enumerated() {
            lines.append("\(Data(merge.utf8).base64EncodedString()) \(256 + index)")
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    @Test func joinsTheLowestRankFirst() throws {
        let counter = try BytePairTokenCounter(tiktoken: Self.tiktoken())
        #expect(counter.vocabularySize == 266)
        #expect(counter.count("the") == 1)
        #expect(counter.count("thing") == 2)  // th ing
        #expect(counter.count("lower the low") == 3)
        #expect(counter.count("lowest") == 4)  // low e s t
        #expect(counter.count("") == 0)
    }

    @Test func agreesWithJoiningByHandOnRandomTexts() throws {
        let counter = try BytePairTokenCounter(tiktoken: Self.tiktoken())
        var generator = SeededGenerator.announced(seed: 8)
        for _ in 0..<300 {
            let word = String((0..<12).map { _ in "thelowringst".randomElement(using: &generator) ?? "t" })
            // The definition, in its plainest form: look for each merge from the first on, join its first occurrence, again.
            var pieces = word.map(String.init)
            while let best = zip(pieces, pieces.dropFirst()).compactMap({ Self.merges.firstIndex(of: $0 + $1) }).min(),
                let place = pieces.indices.dropLast().first(where: { pieces[$0] + pieces[$0 + 1] == Self.merges[best] })
            {
                pieces.replaceSubrange(place...place + 1, with: [Self.merges[best]])
            }
            let whole = Self.merges.contains(word) ? 1 : pieces.count
            #expect(counter.count(word) == whole, "\(word)")
        }
    }

    @Test func readsTheVocabularyOfHuggingFace() throws {
        let merges = ["t h", "th e", "Ġ the", "i n", "in g", "l o", "lo w", "e r", "low er", "Ġ low"]
        let strings = JSONObject(
            dictionaryLiteral: (
                "model",
                ["type": "BPE", "merges": .array(merges.map { .string($0) })]
            )
        )
        let pairs: JSONValue = [
            "model": [
                "type": "BPE",
                "merges": .array(
                    merges.map { .array($0.split(separator: " ").map { .string(String($0)) }) }
                ),
            ]
        ]
        let reference = try BytePairTokenCounter(tiktoken: Self.tiktoken())
        for bytes in [JSONValue.object(strings).serialized(), pairs.serialized()] {
            let counter = try BytePairTokenCounter(tokenizerJSON: bytes)
            for text in ["the lower the low", "thing in the ring", "价格 is low"] {
                #expect(counter.count(text) == reference.count(text), "\(text)")
            }
        }
    }

    @Test func damagedVocabulariesAreRefused() {
        let damaged: [[UInt8]] = [Array("dGhl".utf8), Array("?? 1".utf8), Array("dGhl 1".utf8)]
        for bytes in damaged {
            let error = #expect(throws: CacheError.self) { try BytePairTokenCounter(tiktoken: bytes) }
            #expect(error?.code == .invalidData)
        }
        for text in ["", "[]", #"{"model":{"type":"WordPiece"}}"#, #"{"model":{"type":"BPE","merges":["a"]}}"#] {
            let error = #expect(throws: CacheError.self) { try BytePairTokenCounter(tokenizerJSON: Array(text.utf8)) }
            #expect(error?.code == .invalidData)
        }
    }

    @Test func wordsAreCutAsTheModelsDo() throws {
        // Every byte is a token of its own and so is each of these words: the count tells where the text was cut.
        var ranks: [[UInt8]: Int] = [:]
        for byte in UInt8.min...UInt8.max { ranks[[byte]] = Int(byte) }
        for word in ["Hello", " world", "'s", "202", "\n\n", "It", "'ll", " do", " x", " ..."] {
            ranks[Array(word.utf8)] = ranks.count
        }
        let counter = BytePairTokenCounter(ranks: ranks)
        #expect(counter.count("Hello, world's 2026!\n\nIt'll do  x ...") == 15)
        // Hello|,| world|'s| |202|6|!|\n\n|It|'ll| do| | x| ... : the line ends go with the punctuation before them, which
        // is no token as a whole; of two spaces, the second goes with the word.
        #expect(counter.count("Hello world") == 2)
        #expect(counter.count("Helloworld") > 2)
    }
}
