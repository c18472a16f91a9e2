import LocalEmbeddings
import Testing

@Suite struct WordPieceTokenizerTests {
    private static let pieces = [
        "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "hello", "Hello", "caf", "##é", "cafe", "!", "[", "]",
        "sep",
        "a", "##a", "中", "文", "ㄱ", "\u{1100}", "##\u{1161}", "i", "ﬁ", "=", "##\u{338}", "≠",
    ]

    private func tokens(_ text: String, _ change: (inout TokenizerConfiguration) -> Void = { _ in }) throws -> [String]
    {
        var configuration = TokenizerConfiguration()
        change(&configuration)
        let file = Array(Self.pieces.joined(separator: "\n").utf8)
        let tokenizer = try WordPieceTokenizer(vocabulary: file, configuration: configuration)
        let ids = tokenizer.encode(text).ids
        #expect(ids.first == 1 && ids.last == 2)
        return ids.dropFirst().dropLast().map { Self.pieces[Int($0)] }
    }

    @Test func theLongestPieceWins() throws {
        #expect(try tokens("unaffable!") == ["un", "##aff", "##able", "!"])
        #expect(try tokens("unaffablex") == ["[UNK]"])
        #expect(try tokens("aaa") == ["a", "##a", "##a"])
    }

    @Test func caseAndAccentsFollowTheConfiguration() throws {
        #expect(try tokens("Hello CAFÉ") == ["hello", "cafe"])
        #expect(try tokens("Cafe\u{301}") == ["cafe"])
        #expect(try tokens("Hello") { $0.lowercases = false } == ["Hello"])
        #expect(try tokens("café") { $0.stripsAccents = false } == ["caf", "##é"])
        #expect(try tokens("İ") == ["i"])
        // A decomposition may be ASCII: = and a stroke, of which only = is left.
        #expect(try tokens("≠") == ["="])
        #expect(try tokens("≠") { $0.stripsAccents = false } == ["≠"])
    }

    @Test func hangulDecomposesAndChineseStandsAlone() throws {
        #expect(try tokens("가") == ["\u{1100}", "##\u{1161}"])
        #expect(try tokens("a中文a") == ["a", "中", "文", "a"])
        #expect(try tokens("a中") { $0.separatesChineseCharacters = false } == ["[UNK]"])
    }

    @Test func controlCharactersVanishAndWhiteSpaceSeparates() throws {
        #expect(try tokens("he\u{0}l\u{200B}l\u{AD}o\u{FEFF}") == ["hello"])
        #expect(try tokens("\u{3000}hello\u{A0}a\u{2003}\n a\t") == ["hello", "a", "a"])
        #expect(try tokens("").isEmpty)
        #expect(try tokens(" \r\n\u{85}\u{301}").isEmpty)
    }

    @Test func textThatSpellsASpecialTokenIsText() throws {
        #expect(try tokens("[SEP]") == ["[", "sep", "]"])
        #expect(try tokens("[UNK]") == ["[", "[UNK]", "]"])
        #expect(try tokens("[SEP]") { $0.lowercases = false } == ["[", "[UNK]", "]"])
    }

    @Test func aWordOfMoreThanAHundredCharactersIsUnknown() throws {
        #expect(try tokens(String(repeating: "a", count: 100)).count == 100)
        #expect(try tokens(String(repeating: "a", count: 101)) == ["[UNK]"])
    }

    @Test func aLongTextIsCutAtTheMaximum() throws {
        let file = Array(Self.pieces.joined(separator: "\r\n").utf8)
        var configuration = TokenizerConfiguration()
        configuration.maximumTokens = 8
        let tokenizer = try WordPieceTokenizer(vocabulary: file, configuration: configuration)
        let exact = tokenizer.encode("a a a a a zz")
        #expect(exact.ids.count == 8 && !exact.isTruncated && exact.unknownCount == 1)
        #expect(exact.unknownShare == Float(1) / 6)
        let cut = tokenizer.encode("a a a a a unaffable zz")
        #expect(cut.ids == [1, 15, 15, 15, 15, 15, 3, 2] && cut.isTruncated && cut.unknownCount == 0)
    }

    @Test func twoTextsShareTheRoom() throws {
        let file = Array(Self.pieces.joined(separator: "\n").utf8)
        var configuration = TokenizerConfiguration()
        configuration.maximumTokens = 10
        let tokenizer = try WordPieceTokenizer(vocabulary: file, configuration: configuration)
        func counts(_ first: Int, _ second: Int) -> [Int] {
            let pair = tokenizer.encode(String(repeating: "a ", count: first), String(repeating: "! ", count: second))
            #expect(pair.ids.count <= 10 && pair.isTruncated == (first + second > 7))
            #expect(pair.ids.count { $0 == 15 } == pair.firstSegmentCount - 2)
            return [pair.firstSegmentCount - 2, pair.ids.count { $0 == 11 }]
        }
        #expect(counts(2, 3) == [2, 3])
        #expect(counts(2, 9) == [2, 5])
        #expect(counts(9, 2) == [5, 2])
        #expect(counts(8, 9) == [3, 4])
        #expect(counts(9, 8) == [4, 3])
        #expect(counts(0, 0) == [0, 0])
    }
}
