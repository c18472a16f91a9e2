/// Why a stored policy is not used.
public enum PolicyStateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It was learned for the cosines of another embedding model.
    case otherEmbeddingModel(stored: String, current: String)
    /// It was learned from other features.
    case otherFeatures
    /// Its parts do not fit together.
    case damaged

    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .otherEmbeddingModel(let stored, let current): "learned for the model \(stored), not for \(current)"
        case .otherFeatures: "learned by another version of the policy"
        case .damaged: "the stored tables do not fit together"
        }
    }
}

extension PolicyLearner {
    /// A number for what the rows mean: the features by name, and the model.
    static func fingerprint(of embeddingModel: String) -> UInt64 {
        let names = PolicyFeature.allCases.map { String(describing: $0) }.joined(separator: ",")
        return TokenHash.hash("2|" + names + "|" + embeddingModel)
    }

    /// The learner that was stored, if it was learned for the model that is used now.
    ///
    /// - Throws: ``PolicyStateError`` for another model, other features, or a state whose tables do not fit together.
    public static func restored(
        _ stored: PolicyLearner,
        embeddingModel: String
    ) throws(PolicyStateError) -> PolicyLearner {
        guard stored.embeddingModel == embeddingModel else {
            throw .otherEmbeddingModel(stored: stored.embeddingModel, current: embeddingModel)
        }
        guard stored.fingerprint == fingerprint(of: embeddingModel) else { throw .otherFeatures }
        // The tables are indexed without a look at their length: a lookup must not end at a damaged one.
        guard stored.isSound else { throw .damaged }
        // A prior is not learned: the one that ships now is as good as the one that shipped then, or better.
        var restored = stored
        if stored.origin == .shipped || stored.origin == .none {
            restored.begin(with: ShippedPrior.prior(for: embeddingModel))
        }
        return restored
    }

    /// The weights of the fit, heaviest first, for people to read.
    public var weightsInWords: [(feature: PolicyFeature, weight: Double)] {
        guard let fit else { return [] }
        return zip(PolicyFeature.allCases, fit.model.weights).map { ($0, $1) }.sorted { abs($0.1) > abs($1.1) }
    }
}
