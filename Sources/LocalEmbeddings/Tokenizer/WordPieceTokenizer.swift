/// Splits text into the pieces that a BERT model was trained on.
///
///     let tokenizer = try WordPieceTokenizer(vocabulary: bytes, configuration: .init())
///     tokenizer.encode("Unaffable!").ids   // [CLS] una ##ffa ##ble ! [SEP]
///
/// Follows the reference implementation (the `tokenizers` library's BertNormalizer, BertPreTokenizer and WordPiece)
/// token for token: control characters vanish, white space and punctuation separate words, accents and case go if the
/// configuration says so, and each word is spelled greedily from the longest piece that fits (Schuster & Nakajima,
/// doi:10.1109/ICASSP.2012.6289079). Unicode properties are those of the Swift standard library; the reference library
/// carries tables of Unicode 8 and treats a few characters that are younger otherwise.
///
/// Text is only text: what spells a special token, such as `[SEP]`, is read as brackets and letters.
public struct WordPieceTokenizer: Sendable {
    /// How text is treated.
    public let configuration: TokenizerConfiguration

    let vocabulary: Vocabulary
    let unknownID: Int32
    let classifierID: Int32
    let separatorID: Int32

    /// Creates a tokenizer from the content of a `vocab.txt`.
    ///
    /// - Throws: ``ModelFolderError/invalidVocabulary(_:)``.
    public init(vocabulary file: [UInt8], configuration: TokenizerConfiguration) throws(ModelFolderError) {
        guard configuration.maximumTokens >= 4 else {
            throw .invalidConfiguration(file: "config", "the model must read at least 4 tokens")
        }
        let vocabulary = try Vocabulary(parsing: file)
        func special(_ token: String) throws(ModelFolderError) -> Int32 {
            guard let id = vocabulary.id(of: token) else {
                throw .invalidVocabulary("the special token \(token) is missing")
            }
            return id
        }
        unknownID = try special(configuration.unknownToken)
        classifierID = try special(configuration.classifierToken)
        separatorID = try special(configuration.separatorToken)
        self.vocabulary = vocabulary
        self.configuration = configuration
    }

    /// The number of ids that the tokenizer can produce.
    public var vocabularyCount: Int { vocabulary.count }

    /// Encodes a text, cut at the model's maximum.
    ///
    /// - Complexity: O(*n*) for the *n* bytes that fill the model's maximum; the rest of a longer text is not read.
    public func encode(_ text: String) -> TokenSequence {
        let room = configuration.maximumTokens - 2
        var splitter = WordPieceSplitter(self, maximumTokens: room + 1)
        splitter.read(text)
        let kept = splitter.ids.prefix(room)
        var ids: [Int32] = []
        ids.reserveCapacity(kept.count + 2)
        ids.append(classifierID)
        ids.append(contentsOf: kept)
        ids.append(separatorID)
        return TokenSequence(
            ids: ids,
            firstSegmentCount: ids.count,
            unknownCount: kept.count { $0 == unknownID },
            isTruncated: splitter.ids.count > room
        )
    }

    /// Encodes two texts as one sequence of two segments; the longer one is cut first.
    public func encode(_ first: String, _ second: String) -> TokenSequence {
        let room = configuration.maximumTokens - 3
        // Reading up to twice the room tells which text is longer; texts that are both beyond that count as equal.
        var splitter = WordPieceSplitter(self, maximumTokens: 2 * room)
        splitter.read(first)
        let firstIDs = splitter.takeIDs()
        splitter.read(second)
        let secondIDs = splitter.takeIDs()
        let counts = Self.truncatedCounts(firstIDs.count, secondIDs.count, room: room)
        let kept = (firstIDs.prefix(counts.first), secondIDs.prefix(counts.second))
        let ids = [classifierID] + kept.0 + [separatorID] + kept.1 + [separatorID]
        return TokenSequence(
            ids: ids,
            firstSegmentCount: kept.0.count + 2,
            unknownCount: kept.0.count { $0 == unknownID } + kept.1.count { $0 == unknownID },
            isTruncated: firstIDs.count + secondIDs.count > room
        )
    }

    /// The `longest_first` strategy: the shorter text is whole unless both exceed half of the room.
    static func truncatedCounts(_ first: Int, _ second: Int, room: Int) -> (first: Int, second: Int) {
        guard first + second > room else { return (first, second) }
        let (shorter, isSwapped) = first > second ? (second, true) : (first, false)
        let half = room / 2
        let (short, long) = shorter > half ? (half, room - half) : (shorter, room - shorter)
        return isSwapped ? (long, short) : (short, long)
    }
}
