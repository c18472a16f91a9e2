internal import Embeddings
internal import Glibc
internal import VectorKernels

extension BERTEmbedder {
    /// Where the model is by default: `$SEMCACHE_MODEL`, or `~/.cache/semcache/models/all-MiniLM-L6-v2`.
    ///
    /// `scripts/fetch-model` puts the default model there.
    public static func defaultFolder() -> String {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let folder = variable("SEMCACHE_MODEL") { return folder }
        return (variable("HOME") ?? "/root") + "/.cache/semcache/models/all-MiniLM-L6-v2"
    }

    /// Loads a model folder: maps its weights, checks every file, packs the layers.
    ///
    /// Blocks the calling thread for a tenth of a second for all-MiniLM-L6-v2; do it once, at the start.
    ///
    /// - Throws: ``ModelFolderError``; nothing in the folder can make it crash or read outside of the files.
    /// - Complexity: O(weights).
    public static func load(
        folder path: String,
        configuration: Configuration = Configuration()
    ) throws(ModelFolderError) -> BERTEmbedder {
        let folder = try ModelFolder(path: path)
        let loaded = try LoadedModel(folder: folder, usesHalfPrecision: configuration.usesHalfPrecisionWeights)
        let pooling = try folder.pooling()
        return BERTEmbedder(
            model: EmbeddingModel(
                id: "\(folder.name)@\(loaded.fingerprint(settings: "pooling=\(pooling.rawValue)"))",
                dimension: loaded.encoder.configuration.hiddenSize,
                maximumTokens: loaded.tokenizer.configuration.maximumTokens
            ),
            tokenizer: loaded.tokenizer,
            encoder: loaded.encoder,
            pooling: pooling,
            configuration: configuration
        )
    }
}
