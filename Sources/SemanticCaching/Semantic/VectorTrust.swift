package import Embeddings

extension NamespaceSettings {
    /// Why a vector says too little of its text to compare it by; nil if it may be compared.
    ///
    /// Models cut a long text off without a word: two questions that differ behind the cut have the same vector, and
    /// their cosine is 1. The guards read 4,096 bytes. An embedder that does not say how much its model read is believed
    /// to have read ``uncountedBytes``.
    package func reasonToDistrust(
        _ embedding: Embedding,
        of text: String,
        by model: EmbeddingModel
    ) -> VerdictReason? {
        if let share = embedding.unknownTokenShare, share > maximumUnknownTokenShare { return .unknownToModel }
        if let count = embedding.tokenCount, let most = model.maximumTokens {
            // A full window cannot be told from one that overflowed.
            if count >= most { return .tooLong }
        } else if text.utf8.count > Self.uncountedBytes {
            return .tooLong
        }
        return text.utf8.count > AnalyzedText.maximumBytes ? .tooLong : nil
    }

    /// 512 tokens, the usual window, of four bytes each, the usual length.
    private static var uncountedBytes: Int { 2_048 }
}
