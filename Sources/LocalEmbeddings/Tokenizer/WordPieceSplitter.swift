/// One pass over a text: cleans and splits it character by character and spells each word.
///
/// The reference implementation rewrites the whole text four times (clean, separate Chinese, strip accents, lower);
/// each step looks at one character only, so one pass is the same.
struct WordPieceSplitter {
    private(set) var ids: [Int32] = []

    private let tokenizer: WordPieceTokenizer
    private let maximumTokens: Int
    /// The UTF-8 of the word being read, up to the length beyond which a word is unknown anyway.
    private var word: [UInt8] = []
    private var wordLength = 0

    /// Characters beyond which a word is not spelled but unknown (`max_input_chars_per_word`).
    private static var maximumWordLength: Int { 100 }

    init(_ tokenizer: WordPieceTokenizer, maximumTokens: Int) {
        self.tokenizer = tokenizer
        self.maximumTokens = maximumTokens
    }

    /// Gives the ids away, to read another text.
    mutating func takeIDs() -> [Int32] {
        defer { ids = [] }
        return ids
    }

    /// Appends the ids of a text, at most as many as asked for.
    mutating func read(_ text: String) {
        for scalar in text.unicodeScalars {
            if ids.count >= maximumTokens { break }
            if scalar.isASCII { readASCII(UInt8(truncatingIfNeeded: scalar.value)) } else { readAny(scalar) }
        }
        endWord()
        if ids.count > maximumTokens { ids.removeLast(ids.count - maximumTokens) }
    }

    private mutating func readASCII(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            append(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            append(tokenizer.configuration.lowercases ? byte | 0x20 : byte)
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            endWord()
        case 0x00..<0x20, 0x7F:
            break
        default:
            endWord()
            append(byte)
            endWord()
        }
    }

    private mutating func readAny(_ scalar: Unicode.Scalar) {
        let category = scalar.properties.generalCategory
        if Self.vanishes(scalar, category) { return }
        let isWord = tokenizer.configuration.separatesChineseCharacters && Self.isChinese(scalar)
        if isWord { endWord() }
        if tokenizer.configuration.stripsAccents {
            AccentStripping.forEachBase(of: scalar) { lowercase($0) }
        } else {
            lowercase(scalar)
        }
        if isWord { endWord() }
    }

    private mutating func lowercase(_ scalar: Unicode.Scalar) {
        guard tokenizer.configuration.lowercases, scalar.properties.changesWhenLowercased else {
            return place(scalar)
        }
        for lower in scalar.properties.lowercaseMapping.unicodeScalars { place(lower) }
    }

    private mutating func place(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            // The decomposition of a compatibility character may be ASCII, and even punctuation.
            readASCII(UInt8(truncatingIfNeeded: scalar.value))
        } else if scalar.properties.isWhitespace {
            endWord()
        } else if Self.isPunctuation(scalar) {
            endWord()
            append(scalar)
            endWord()
        } else {
            append(scalar)
        }
    }

    private mutating func append(_ byte: UInt8) {
        wordLength += 1
        if wordLength <= Self.maximumWordLength { word.append(byte) }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        wordLength += 1
        guard wordLength <= Self.maximumWordLength, let bytes = UTF8.encode(scalar) else { return }
        word.append(contentsOf: bytes)
    }

    /// Spells the word that was read, if there is one: all of it, or else it is one unknown token.
    private mutating func endWord() {
        guard wordLength > 0 else { return }
        let isSpelled = wordLength <= Self.maximumWordLength && spell()
        if !isSpelled { ids.append(tokenizer.unknownID) }
        word.removeAll(keepingCapacity: true)
        wordLength = 0
    }

    private mutating func spell() -> Bool {
        let firstID = ids.count
        let isSpelled = word.withUnsafeBufferPointer { word in
            var start = 0
            while start < word.count {
                guard
                    let piece = tokenizer.vocabulary.longestPiece(of: word, from: start, continuesWord: start > 0)
                else { return false }
                ids.append(piece.id)
                start = piece.end
            }
            return true
        }
        if !isSpelled { ids.removeLast(ids.count - firstID) }
        return isSpelled
    }

    /// Control, format, private-use characters and U+FFFD; white space never gets here as such.
    private static func vanishes(_ scalar: Unicode.Scalar, _ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .control, .format, .privateUse, .surrogate: true
        default: scalar.value == 0xFFFD
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    /// The blocks that BERT's authors counted as Chinese: the CJK ideographs, without kana and Hangul.
    ///
    /// The reference library leaves out U+2B820…U+2B91F, and so do we.
    private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
            0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
