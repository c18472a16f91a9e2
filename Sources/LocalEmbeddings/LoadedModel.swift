internal import VectorKernels

/// What every BERT folder holds, whatever stands on top: a tokenizer, an encoder, and the bytes that identify them.
struct LoadedModel: Sendable {
    let tokenizer: WordPieceTokenizer
    let encoder: BERTEncoder
    let weights: BERTWeights
    private let weightsFile: MappedFile
    private let vocabulary: [UInt8]

    /// Reads and checks the files of a folder.
    init(folder: ModelFolder, usesHalfPrecision: Bool) throws(ModelFolderError) {
        let configuration = try BERTConfiguration(folder: folder)
        let settings = try folder.tokenizerConfiguration(maximumPositions: configuration.maximumPositions)
        vocabulary = try folder.read("vocab.txt")
        tokenizer = try WordPieceTokenizer(vocabulary: vocabulary, configuration: settings)
        guard tokenizer.vocabularyCount <= configuration.vocabularyCount else {
            throw .invalidVocabulary(
                "it has \(tokenizer.vocabularyCount) pieces, and the model knows \(configuration.vocabularyCount)"
            )
        }
        try Self.checkWorkspace(of: configuration, tokens: settings.maximumTokens)
        weightsFile = try folder.map("model.safetensors")
        let file: Safetensors
        do {
            file = try Safetensors(file: weightsFile)
        } catch {
            throw .invalidWeights(error)
        }
        weights = BERTWeights(
            file: file,
            configuration: configuration,
            format: usesHalfPrecision ? .float16 : .float32
        )
        encoder = try BERTEncoder(weights: weights)
    }

    /// Refuses sizes that are each in range and together would exhaust memory: a small file can name them.
    private static func checkWorkspace(
        of configuration: BERTConfiguration,
        tokens: Int
    ) throws(ModelFolderError) {
        let row = 6 * configuration.hiddenSize + configuration.intermediateSize
        guard tokens * row <= 1 << 29 else {
            throw .unsupported("\(tokens) tokens of this width need more than 2 GiB of working memory")
        }
    }

    /// Eight hex digits that change with anything that changes a vector.
    ///
    /// The settings are written out in this order; changing it, or this line, gives every model a new identity.
    ///
    /// - Complexity: O(file), about 10 ms for 90 MB.
    func fingerprint(settings: String) -> String {
        let options = tokenizer.configuration
        let text = """
            \(settings);tokens=\(options.maximumTokens);lower=\(options.lowercases);strip=\(options.stripsAccents);\
            chinese=\(options.separatesChineseCharacters)
            """
        var digest = weightsFile.withBytes { Checksum.xxh64($0) }
        digest = vocabulary.withUnsafeBytes { Checksum.xxh64($0, seed: digest) }
        digest = Array(text.utf8).withUnsafeBytes { Checksum.xxh64($0, seed: digest) }
        let digits = String(digest >> 32, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
