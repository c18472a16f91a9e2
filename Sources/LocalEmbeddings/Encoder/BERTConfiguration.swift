/// The shape of a BERT model, from its `config.json`.
struct BERTConfiguration: Sendable {
    let hiddenSize: Int
    let layerCount: Int
    let headCount: Int
    let intermediateSize: Int
    let maximumPositions: Int
    let vocabularyCount: Int
    let segmentCount: Int
    let layerNormEpsilon: Float
    let labelCount: Int

    /// Components per attention head.
    var headSize: Int { hiddenSize / headCount }

    /// The keys of `config.json` that matter here.
    private struct File: Decodable {
        var model_type: String?
        var hidden_size: Int
        var num_hidden_layers: Int
        var num_attention_heads: Int
        var intermediate_size: Int
        var max_position_embeddings: Int
        var vocab_size: Int
        var type_vocab_size: Int?
        var layer_norm_eps: Double?
        var hidden_act: String?
        var position_embedding_type: String?
        var id2label: [String: String]?
    }

    /// Reads and checks a model's `config.json`.
    init(folder: ModelFolder) throws(ModelFolderError) {
        let name = "config.json"
        let file = try folder.decode(File.self, from: name)
        func check(_ value: Int, _ range: ClosedRange<Int>, _ key: String) throws(ModelFolderError) {
            guard range.contains(value) else {
                throw .invalidConfiguration(file: name, "\(key) is \(value), not within \(range)")
            }
        }
        guard file.model_type ?? "bert" == "bert" else {
            throw .unsupported("model_type is \(String(reflecting: file.model_type ?? "")); only bert is implemented")
        }
        guard ["gelu", "gelu_python"].contains(file.hidden_act ?? "gelu") else {
            throw .unsupported("hidden_act is \(String(reflecting: file.hidden_act ?? "")); only gelu is implemented")
        }
        guard file.position_embedding_type ?? "absolute" == "absolute" else {
            throw .unsupported("position_embedding_type must be absolute")
        }
        try check(file.hidden_size, 1...16384, "hidden_size")
        try check(file.num_hidden_layers, 0...256, "num_hidden_layers")
        try check(file.num_attention_heads, 1...file.hidden_size, "num_attention_heads")
        try check(file.intermediate_size, 1...65536, "intermediate_size")
        try check(file.max_position_embeddings, 4...65536, "max_position_embeddings")
        try check(file.vocab_size, 1...10_000_000, "vocab_size")
        try check(file.type_vocab_size ?? 2, 1...16, "type_vocab_size")
        guard file.hidden_size.isMultiple(of: file.num_attention_heads) else {
            throw .invalidConfiguration(file: name, "hidden_size must be a multiple of num_attention_heads")
        }
        let epsilon = file.layer_norm_eps ?? 1e-12
        guard epsilon >= 0, epsilon < 1 else {
            throw .invalidConfiguration(file: name, "layer_norm_eps is \(epsilon), not within 0..<1")
        }
        hiddenSize = file.hidden_size
        layerCount = file.num_hidden_layers
        headCount = file.num_attention_heads
        intermediateSize = file.intermediate_size
        maximumPositions = file.max_position_embeddings
        vocabularyCount = file.vocab_size
        segmentCount = file.type_vocab_size ?? 2
        layerNormEpsilon = Float(epsilon)
        labelCount = file.id2label?.count ?? 2
    }
}
