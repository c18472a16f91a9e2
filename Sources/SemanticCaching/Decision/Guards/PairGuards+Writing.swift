extension PairGuards {
    /// Signs between the same words: `total > 100` against `total < 100`, `chmod +x` against `chmod -x`.
    ///
    /// Embedding models hardly see them. Where the words differ too, the other guards have more to say.
    static func compareSigns(_ asked: TextFeatures, _ stored: TextFeatures, _ sink: inout some GuardSink) {
        guard asked.exactKey == stored.exactKey, asked.signKey != stored.signKey else { return }
        sink.note(.identifiers, isConflict: true, asked: nil, stored: nil)
    }
}
