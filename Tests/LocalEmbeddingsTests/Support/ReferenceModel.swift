import Foundation
import LocalEmbeddings

/// The model folder that the reference tests need, and the fixture made from it.
enum ReferenceModel {
    static let folder = BERTEmbedder.defaultFolder()

    /// Set SEMCACHE_SKIP_MODEL_TESTS=1 where the model cannot be had; otherwise a missing model fails the tests.
    static let isSkipped = ProcessInfo.processInfo.environment["SEMCACHE_SKIP_MODEL_TESTS"] == "1"

    /// The default model, loaded once per weight format.
    static let half = Result { try load(half: true) }
    static let single = Result { try load(half: false) }

    private static func load(half: Bool) throws -> BERTEmbedder {
        var configuration = BERTEmbedder.Configuration()
        configuration.usesHalfPrecisionWeights = half
        return try BERTEmbedder.load(folder: folder, configuration: configuration)
    }
}
