/// What a model reads of a text: token ids with the special tokens around them.
public struct TokenSequence: Hashable, Sendable {
    /// The ids, from `[CLS]` to the last `[SEP]`; at least two, at most the model's maximum.
    public let ids: [Int32]

    /// How many ids, from the start, are of segment 0: all, unless two texts were encoded.
    public let firstSegmentCount: Int

    /// How many tokens stand for a word that the vocabulary cannot spell (`[UNK]`).
    public let unknownCount: Int

    /// Whether the text was longer than the model reads.
    public let isTruncated: Bool

    /// The share of the text's tokens, special tokens apart, that the model does not know; 0 for an empty text.
    public var unknownShare: Float {
        let specialCount = firstSegmentCount == ids.count ? 2 : 3
        let textCount = ids.count - specialCount
        return textCount > 0 ? Float(unknownCount) / Float(textCount) : 0
    }
}
