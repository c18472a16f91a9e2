import Foundation

/// A model folder small enough to make in a test: random weights, a vocabulary of a few words.
struct TinyModel {
    var hiddenSize = 12
    var layers = 2
    var heads = 3
    var intermediateSize = 20
    var positions = 16
    var prefix = ""
    var labels = 0
    var seed: UInt64 = 1
    var type = "F32"
    var pooling = "mean"
    /// Changes the files before they are written.
    var overrides: [String: String] = [:]

    static let vocabulary = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "world", "un", "##aff", "##able", "!", "[", "]", "sep", "a", "##b",
    ]

    /// The tensors, by name, as shape and values.
    func tensors() -> [(name: String, shape: [Int], values: [Float])] {
        var generator = SplitMix(seed: seed)
        func random(_ shape: [Int], around centre: Float = 0) -> [Float] {
            (0..<shape.reduce(1, *)).map { _ in
                // Few enough bits to survive a round trip through half floats and bfloat16.
                centre == 0
                    ? Float(Int.random(in: -64...64, using: &generator)) / 256
                    : centre + Float(Int.random(in: -16...16, using: &generator)) / 64
            }
        }
        var tensors: [(String, [Int], [Float])] = []
        func add(_ name: String, _ shape: [Int], around centre: Float = 0, isHead: Bool = false) {
            tensors.append(((isHead ? "" : prefix) + name, shape, random(shape, around: centre)))
        }
        func dense(_ name: String, _ outputs: Int, _ inputs: Int, isHead: Bool = false) {
            add(name + ".weight", [outputs, inputs], isHead: isHead)
            add(name + ".bias", [outputs], isHead: isHead)
        }
        func norm(_ name: String) {
            add(name + ".weight", [hiddenSize], around: 1)
            add(name + ".bias", [hiddenSize])
        }
        add("embeddings.word_embeddings.weight", [Self.vocabulary.count, hiddenSize])
        add("embeddings.position_embeddings.weight", [positions, hiddenSize])
        add("embeddings.token_type_embeddings.weight", [2, hiddenSize])
        norm("embeddings.LayerNorm")
        for layer in 0..<layers {
            let name = "encoder.layer.\(layer)."
            for part in ["query", "key", "value"] { dense(name + "attention.self." + part, hiddenSize, hiddenSize) }
            dense(name + "attention.output.dense", hiddenSize, hiddenSize)
            norm(name + "attention.output.LayerNorm")
            dense(name + "intermediate.dense", intermediateSize, hiddenSize)
            dense(name + "output.dense", hiddenSize, intermediateSize)
            norm(name + "output.LayerNorm")
        }
        if labels > 0 {
            dense("pooler.dense", hiddenSize, hiddenSize)
            dense("classifier", labels, hiddenSize, isHead: true)
        }
        return tensors
    }

    func write() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var weights = SafetensorsBuilder()
        for tensor in tensors() {
            weights.add(tensor.name, type: type, shape: tensor.shape, bytes: encode(tensor.values))
        }
        let labelMap =
            labels > 0 ? ",\"id2label\":{\((0..<labels).map { "\"\($0)\":\"L\"" }.joined(separator: ","))}" : ""
        var files = [
            "config.json": """
            {"model_type":"bert","hidden_size":\(hiddenSize),"num_hidden_layers":\(layers),\
            "num_attention_heads":\(heads),"intermediate_size":\(intermediateSize),\
            "max_position_embeddings":\(positions),"vocab_size":\(Self.vocabulary.count),"hidden_act":"gelu"\(labelMap)}
            """,
            "vocab.txt": Self.vocabulary.joined(separator: "\n") + "\n",
            "tokenizer_config.json": "{\"do_lower_case\":true}",
            "sentence_bert_config.json": "{\"max_seq_length\":12}",
            "modules.json": """
            [{"path":"","type":"sentence_transformers.models.Transformer"},
             {"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]
            """,
            "1_Pooling/config.json": """
            {"pooling_mode_mean_tokens":\(pooling == "mean"),"pooling_mode_cls_token":\(pooling == "cls")}
            """,
        ]
        files.merge(overrides) { $1 }
        for (name, content) in files { try folder.write(content.utf8, to: name) }
        try folder.write(weights.build(), to: "model.safetensors")
        return folder
    }

    private func encode(_ values: [Float]) -> Data {
        switch type {
        case "F16": values.map { Float16($0).bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
        case "BF16": values.map { UInt16($0.bitPattern >> 16).littleEndian }.withUnsafeBytes { Data($0) }
        default: values.withUnsafeBytes { Data($0) }
        }
    }
}
