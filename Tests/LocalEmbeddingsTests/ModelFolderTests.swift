import LocalEmbeddings
import Testing

/// Folders that are incomplete or contradict themselves: a clear error, never a crash.
@Suite struct ModelFolderTests {
    private func error(_ overrides: [String: String], model: TinyModel = TinyModel()) throws -> ModelFolderError {
        var model = model
        model.overrides = overrides
        let folder = try model.write()
        return try #require(throws: ModelFolderError.self) { try folder.load() }
    }

    @Test func aMissingFolderSaysWhatToDo() throws {
        let error = try #require(throws: ModelFolderError.self) { try BERTEmbedder.load(folder: "/nonexistent/model") }
        #expect(error == .notFound(path: "/nonexistent/model"))
        #expect("\(error)".contains("scripts/fetch-model"))
    }

    @Test func aMissingFileIsNamed() throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: ModelFolderError.self) { try folder.load() }
        #expect("\(error)" == "the model file config.json cannot be read: No such file or directory")
    }

    @Test(arguments: [
        "", "{", "[]", "nonsense", "{\"model_type\":\"bert\"}", "{\"hidden_size\":\"12\"}", "\u{0}",
        String(repeating: "[", count: 100_000),
    ])
    func aDamagedConfigurationIsNamed(text: String) throws {
        guard case .invalidConfiguration(let file, _) = try error(["config.json": text]) else {
            Issue.record("another error")
            return
        }
        #expect(file == "config.json")
    }

    @Test(arguments: [
        ("hidden_size", "0"), ("hidden_size", "13"), ("hidden_size", "99999999999"), ("hidden_size", "-12"),
        ("num_attention_heads", "0"), ("num_attention_heads", "5"), ("num_hidden_layers", "-1"),
        ("num_hidden_layers", "9223372036854775807"), ("intermediate_size", "0"), ("vocab_size", "0"),
        ("max_position_embeddings", "1"), ("layer_norm_eps", "-1"), ("hidden_size", "1e400"), ("vocab_size", "15.5"),
    ])
    func anImpossibleSizeIsRefused(key: String, value: String) throws {
        var fields = [
            "hidden_size": "12", "num_hidden_layers": "2", "num_attention_heads": "3", "intermediate_size": "20",
            "max_position_embeddings": "16", "vocab_size": "15",
        ]
        fields[key] = value
        let json = "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        guard case .invalidConfiguration("config.json", _) = try error(["config.json": json]) else {
            Issue.record("another error")
            return
        }
    }

    @Test func sizesThatTogetherExhaustMemoryAreRefused() throws {
        let config = """
            {"model_type":"bert","hidden_size":16384,"num_hidden_layers":0,"num_attention_heads":1,\
            "intermediate_size":65536,"max_position_embeddings":65536,"vocab_size":15}
            """
        let overrides = ["config.json": config, "sentence_bert_config.json": "{}"]
        #expect(
            try error(overrides) == .unsupported("65536 tokens of this width need more than 2 GiB of working memory")
        )
    }

    @Test func aModelOfAnotherKindIsRefused() throws {
        let template = """
            "hidden_size":12,"num_hidden_layers":2,"num_attention_heads":3,"intermediate_size":20,\
            "max_position_embeddings":16,"vocab_size":15}
            """
        for field in [
            "\"model_type\":\"roberta\"", "\"hidden_act\":\"relu\"", "\"position_embedding_type\":\"relative_key\"",
        ] {
            guard case .unsupported = try error(["config.json": "{\(field),\(template)"]) else {
                Issue.record("\(field) was not refused")
                continue
            }
        }
        let modules = "[{\"path\":\"2_Dense\",\"type\":\"sentence_transformers.models.Dense\"}]"
        #expect(
            try error(["modules.json": modules])
                == .unsupported("modules.json asks for \"sentence_transformers.models.Dense\"")
        )
        #expect(
            try error(["1_Pooling/config.json": "{\"pooling_mode_max_tokens\":true}"])
                == .unsupported("pooling must be either the mean of the tokens or the CLS token")
        )
        let outside = "[{\"path\":\"../1_Pooling\",\"type\":\"sentence_transformers.models.Pooling\"}]"
        #expect(
            try error(["modules.json": outside])
                == .invalidConfiguration(file: "modules.json", "a module lies outside of the folder")
        )
    }

    @Test(arguments: ["", "\n", "hello\nworld\n", "[UNK]\n[CLS]\n", "[UNK]\n\n[CLS]\n[SEP]\n"])
    func aDamagedVocabularyIsRefused(text: String) throws {
        guard case .invalidVocabulary = try error(["vocab.txt": text]) else {
            Issue.record("another error")
            return
        }
    }

    @Test func aTensorOfAnotherShapeIsNamed() throws {
        let folder = try TinyModel().write()
        var weights = SafetensorsBuilder()
        for tensor in TinyModel(intermediateSize: 24).tensors() {
            weights.add(tensor.name, shape: tensor.shape, tensor.values)
        }
        try folder.write(weights.build(), to: "model.safetensors")
        #expect(
            throws: ModelFolderError.wrongTensor(
                name: "encoder.layer.0.intermediate.dense.weight",
                "has the shape [24, 12], and config.json asks for [20, 12]"
            )
        ) { try folder.load() }
        try folder.write(SafetensorsBuilder.file(header: "{}"), to: "model.safetensors")
        #expect(throws: ModelFolderError.wrongTensor(name: "embeddings.word_embeddings.weight", "is missing")) {
            try folder.load()
        }
    }
}
