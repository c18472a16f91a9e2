/// What was judged of answers, as the store keeps it beside the learned policy.
///
/// Sixteen bytes of header, then 32 of each answer, all little-endian: its id, how often it was judged right and wrong, the
/// highest cosine at which it was wrong and the lowest at which it was right. The header names the format and the embedding
/// model, whose cosines these are.
package struct JudgedAnswers: Equatable, Sendable {
    /// The most answers that are kept; those that were judged most often stay.
    package static let limit = 32_768
    private static let magic: UInt64 = 0x3152_4441_4353_4d53
    private static let headerSize = 16
    private static let rowSize = 32

    /// The records, by answer.
    package var statistics: [EntryID: AnswerStatistics]

    /// Wraps records.
    package init(_ statistics: [EntryID: AnswerStatistics]) { self.statistics = statistics }

    /// Reads what was stored for an embedding model; nil for anything else, or if it is damaged.
    package init?(_ bytes: [UInt8], embeddingModel: String) {
        let count = (bytes.count - Self.headerSize) / Self.rowSize
        guard bytes.count >= Self.headerSize, (bytes.count - Self.headerSize).isMultiple(of: Self.rowSize) else {
            return nil
        }
        statistics = [:]
        statistics.reserveCapacity(count)
        let isSound = bytes.withUnsafeBytes { raw in
            func word(_ offset: Int) -> UInt64 {
                UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            func half(_ offset: Int) -> UInt32 {
                UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            }
            guard word(0) == Self.magic, word(8) == TokenHash.hash(embeddingModel) else { return false }
            for start in stride(from: Self.headerSize, to: raw.count, by: Self.rowSize) {
                let wrong = Float(bitPattern: half(start + 24))
                let right = Float(bitPattern: half(start + 28))
                guard !wrong.isInfinite, !right.isInfinite else { return false }
                statistics[EntryID(high: word(start), low: word(start + 8))] = AnswerStatistics(
                    judgedRight: Int(half(start + 16)),
                    judgedWrong: Int(half(start + 20)),
                    questionCount: 0,
                    highestWrongSimilarity: wrong.isNaN ? nil : wrong,
                    lowestRightSimilarity: right.isNaN ? nil : right
                )
            }
            return true
        }
        guard isSound else { return nil }
    }

    /// The bytes that the store keeps; the same judgements give the same bytes.
    ///
    /// - Complexity: O(*n* log *n*) for *n* judged answers.
    package func bytes(embeddingModel: String) -> [UInt8] {
        func judgements(_ statistics: AnswerStatistics) -> Int { statistics.judgedRight + statistics.judgedWrong }
        let kept = statistics.filter { judgements($0.value) > 0 }
            .sorted { (judgements($0.value), $0.key) > (judgements($1.value), $1.key) }
            .prefix(Self.limit)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerSize + kept.count * Self.rowSize)
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(Self.magic)
        append(TokenHash.hash(embeddingModel))
        for (id, statistics) in kept {
            append(id.high)
            append(id.low)
            append(UInt32(clamping: statistics.judgedRight))
            append(UInt32(clamping: statistics.judgedWrong))
            append((statistics.highestWrongSimilarity ?? .nan).bitPattern)
            append((statistics.lowestRightSimilarity ?? .nan).bitPattern)
        }
        return bytes
    }
}
