/// Counts tokens as byte-pair encoding makes them, with the vocabulary of the model.
///
///     let counter = try BytePairTokenCounter(tiktoken: bytesOf("o200k_base.tiktoken"))
///     counter.count("Hello, world")  // 3
///
/// Reads tiktoken's format (a token in base64 and its rank, a line each) and the `tokenizer.json` of Hugging Face, as far
/// as it is byte-level BPE. Texts are cut into words by the rules of `cl100k`; models with other rules differ by a token
/// now and then. Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units" (ACL 2016).
public struct BytePairTokenCounter: TokenCounter {
    private let ranks: [[UInt8]: Int]

    /// Creates a counter from the ranks of its tokens: of two neighbours, those that join to the lowest rank join first.
    public init(ranks: [[UInt8]: Int]) { self.ranks = ranks }

    /// The number of tokens in the vocabulary.
    public var vocabularySize: Int { ranks.count }

    /// The number of tokens of a text.
    ///
    /// - Complexity: O(*n* · *w*) for *n* bytes in words of at most *w*.
    public func count(_ text: String) -> Int {
        var sum = 0
        var words = TokenWords(text)
        while let word = words.next() { sum += ranks[word] != nil ? 1 : countPairs(word) }
        return sum
    }

    /// Joins the neighbours of lowest rank until none join; returns how many pieces are left.
    private func countPairs(_ word: [UInt8]) -> Int {
        // Where the pieces start; a sentinel ends the last one.
        var starts = Array(0...word.count)
        while starts.count > 2 {
            var best: (rank: Int, index: Int)?
            for index in 0..<starts.count - 2 {
                guard let rank = ranks[Array(word[starts[index]..<starts[index + 2]])] else { continue }
                if best.map({ rank < $0.rank }) ?? true { best = (rank, index) }
            }
            guard let best else { break }
            starts.remove(at: best.index + 1)
        }
        return starts.count - 1
    }
}
