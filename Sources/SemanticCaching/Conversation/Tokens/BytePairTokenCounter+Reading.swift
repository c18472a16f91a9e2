internal import Foundation
internal import StrictJSON

extension BytePairTokenCounter {
    /// Reads a vocabulary in tiktoken's format.
    ///
    /// - Throws: ``CacheError`` with `invalidData`, naming the line.
    public init(tiktoken bytes: [UInt8]) throws(CacheError) {
        var ranks: [[UInt8]: Int] = [:]
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            let fields = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\r" }
            guard fields.count == 2, let token = Data(base64Encoded: String(fields[0])), let rank = Int(fields[1])
            else { throw CacheError(.invalidData, "line \(number + 1) is not a token in base64 and its rank") }
            ranks[Array(token)] = rank
        }
        self.init(ranks: try Self.checked(ranks))
    }

    /// Reads the `tokenizer.json` of a byte-level BPE model: its merges in order.
    ///
    /// - Throws: ``CacheError`` with `invalidData` if it is of another kind.
    public init(tokenizerJSON bytes: [UInt8]) throws(CacheError) {
        let model: JSONValue?
        do {
            // Vocabularies have hundreds of thousands of members; no request comes near.
            model = try JSONValue(parsing: bytes)["model"]
        } catch {
            throw CacheError(.invalidData, "the vocabulary is not JSON", cause: error)
        }
        guard let model, ["BPE", nil].contains(model["type"]?.stringValue), let merges = model["merges"]?.arrayValue
        else { throw CacheError(.invalidData, "the vocabulary is not one of byte-pair encoding") }
        var ranks: [[UInt8]: Int] = [:]
        for byte in UInt8.min...UInt8.max { ranks[[byte]] = Int(byte) }
        for (number, merge) in merges.enumerated() {
            let halves = merge.arrayValue?.compactMap(\.stringValue) ?? merge.stringValue.map(Self.halves) ?? []
            let joined = halves.joined().unicodeScalars.map(Self.byte)
            guard halves.count == 2, !joined.contains(nil) else {
                throw CacheError(.invalidData, "merge \(number) does not join two byte-level tokens")
            }
            let token = joined.compactMap(\.self)
            if ranks[token] == nil { ranks[token] = 256 + number }
        }
        self.init(ranks: try Self.checked(ranks))
    }

    private static func checked(_ ranks: [[UInt8]: Int]) throws(CacheError) -> [[UInt8]: Int] {
        guard (UInt8.min...UInt8.max).allSatisfy({ ranks[[$0]] != nil }) else {
            throw CacheError(.invalidData, "the vocabulary lacks single bytes: not every text could be counted")
        }
        return ranks
    }

    private static func halves(_ merge: String) -> [String] { merge.split(separator: " ").map(String.init) }

    /// The byte that a character of a byte-level vocabulary stands for: printable ones for themselves, the rest from
    /// U+0100 on, in order.
    private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: UInt8(scalar.value)
        case 0x100..<0x100 + UInt32(hiddenBytes.count): hiddenBytes[Int(scalar.value - 0x100)]
        default: nil
        }
    }

    private static let hiddenBytes: [UInt8] = Array(0x00...0x20) + Array(0x7F...0xA0) + [0xAD]
}
