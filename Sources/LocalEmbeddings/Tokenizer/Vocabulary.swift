/// The pieces of a WordPiece model, looked up by their UTF-8 bytes.
///
///     let vocabulary = try Vocabulary(parsing: Array("[UNK]\n[CLS]\n[SEP]\nplay\n##ing\n".utf8))
///     vocabulary.id(of: "play")      // 3
///
/// A file holds one piece per line, and the line number is its id; pieces that continue a word start with `##`. A
/// piece that occurs twice has its last id, as in the reference implementation.
///
/// ```
///  bytes    [UNK]\n[CLS]\n…           the file as it is
///  pieces   0..<5, 6..<11, …          where each id's piece lies, without its ##
///  slots    … 17 … 3 …                open addressing by hash of (continues a word?, bytes)
/// ```
struct Vocabulary: Sendable {
    /// The number of ids.
    var count: Int { pieces.count }

    private let bytes: [UInt8]
    private var pieces: [Piece] = []
    private var slots: [Int32]
    private let mask: UInt64
    private var longestPiece = 0

    private struct Piece {
        let start: Int32
        let length: Int32
        let continuesWord: Bool
    }

    /// Reads a vocabulary file.
    ///
    /// - Throws: ``ModelFolderError/invalidVocabulary(_:)``: empty, too large, not UTF-8, or with an empty line
    ///   before its end.
    /// - Complexity: O(bytes).
    init(parsing file: [UInt8]) throws(ModelFolderError) {
        guard file.count <= Self.maximumBytes else {
            throw .invalidVocabulary("the file has \(file.count) bytes, more than \(Self.maximumBytes)")
        }
        guard String(validating: file, as: UTF8.self) != nil else {
            throw .invalidVocabulary("the file is not UTF-8")
        }
        bytes = file
        let lines = file.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        var capacity = 16
        while capacity < 2 * lines { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        mask = UInt64(capacity - 1)
        try addLines()
        guard !pieces.isEmpty else { throw .invalidVocabulary("the file is empty") }
    }

    private static var maximumBytes: Int { 1 << 26 }

    private mutating func addLines() throws(ModelFolderError) {
        var start = 0
        while start < bytes.count {
            let next = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            // A file that went through Windows ends its lines in \r\n; no piece ends in \r, which is white space.
            let end = next > start && bytes[next - 1] == UInt8(ascii: "\r") ? next - 1 : next
            guard end > start else { throw .invalidVocabulary("line \(pieces.count + 1) is empty") }
            add(start..<end)
            start = next + 1
        }
    }

    private mutating func add(_ line: Range<Int>) {
        let continuesWord = line.count > 2 && bytes[line.lowerBound] == hash && bytes[line.lowerBound + 1] == hash
        let start = continuesWord ? line.lowerBound + 2 : line.lowerBound
        let piece = Piece(start: Int32(start), length: Int32(line.upperBound - start), continuesWord: continuesWord)
        let id = Int32(pieces.count)
        pieces.append(piece)
        longestPiece = max(longestPiece, Int(piece.length))
        var slot = Self.seed(continuesWord)
        for index in start..<line.upperBound { slot = Self.mix(slot, bytes[index]) }
        slot = Self.finish(slot) & mask
        while slots[Int(slot)] >= 0 {
            let other = pieces[Int(slots[Int(slot)])]
            if other.continuesWord == continuesWord,
                bytes[start..<line.upperBound].elementsEqual(bytes[Int(other.start)..<Int(other.start + other.length)])
            {
                break
            }
            slot = (slot + 1) & mask
        }
        slots[Int(slot)] = id
    }

    private var hash: UInt8 { UInt8(ascii: "#") }

    /// The id of a piece that starts a word, or of a special token.
    func id(of piece: String) -> Int32? {
        let utf8 = Array(piece.utf8)
        return utf8.withUnsafeBufferPointer { word in
            guard let found = longestPiece(of: word, from: 0, continuesWord: false), found.end == word.count else {
                return nil
            }
            return found.id
        }
    }

    /// The longest piece that `word` has at `start`, with the index behind it.
    ///
    /// - Complexity: O(*l*) for the longest piece's *l* bytes.
    func longestPiece(
        of word: UnsafeBufferPointer<UInt8>,
        from start: Int,
        continuesWord: Bool
    ) -> (id: Int32, end: Int)? {
        var best: (id: Int32, end: Int)?
        var digest = Self.seed(continuesWord)
        let limit = min(word.count, start + longestPiece)
        var end = start
        while end < limit {
            digest = Self.mix(digest, word[end])
            end += 1
            // A piece ends where a character ends: not before a UTF-8 continuation byte.
            if end < word.count, word[end] & 0xC0 == 0x80 { continue }
            if let id = find(word, start..<end, continuesWord, digest: digest) { best = (id, end) }
        }
        return best
    }

    private func find(
        _ word: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ continuesWord: Bool,
        digest: UInt64
    ) -> Int32? {
        var slot = Self.finish(digest) & mask
        while true {
            let id = slots[Int(slot)]
            if id < 0 { return nil }
            let piece = pieces[Int(id)]
            if piece.continuesWord == continuesWord, Int(piece.length) == range.count,
                matches(word, range, at: Int(piece.start))
            {
                return id
            }
            slot = (slot + 1) & mask
        }
    }

    private func matches(_ word: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, at start: Int) -> Bool {
        for offset in 0..<range.count where bytes[start + offset] != word[range.lowerBound + offset] { return false }
        return true
    }

    // FNV-1a, byte by byte because prefixes are looked up as they grow; a finaliser spreads it over the low bits.
    // Texts cannot flood the table: what it holds is the vocabulary, whatever is looked up.
    private static func seed(_ continuesWord: Bool) -> UInt64 {
        continuesWord ? 0x9ae1_6a3b_2f90_404f : 0xcbf2_9ce4_8422_2325
    }

    private static func mix(_ digest: UInt64, _ byte: UInt8) -> UInt64 {
        (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    private static func finish(_ digest: UInt64) -> UInt64 {
        (digest ^ digest >> 29) &* 0xbf58_476d_1ce4_e5b9 >> 20
    }
}
