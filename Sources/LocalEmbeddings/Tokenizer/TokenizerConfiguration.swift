/// How a BERT tokenizer treats text before it looks for pieces; the defaults are those of uncased English BERT.
public struct TokenizerConfiguration: Hashable, Sendable {
    /// Whether letters become lower-case (`do_lower_case`).
    public var lowercases = true
    /// Whether accents are dropped (`strip_accents`, which follows `do_lower_case` when a folder does not say).
    public var stripsAccents = true
    /// Whether each Chinese character is a word of its own (`tokenize_chinese_chars`).
    public var separatesChineseCharacters = true
    /// The most tokens the model reads, special tokens included.
    public var maximumTokens = 512
    /// The token for a word that cannot be spelled.
    public var unknownToken = "[UNK]"
    /// The token in front of every text.
    public var classifierToken = "[CLS]"
    /// The token behind every text.
    public var separatorToken = "[SEP]"

    /// Creates the configuration of uncased English BERT.
    public init() {}
}
