internal import FoundationEssentials

extension ModelFolder {
    private struct SentenceFile: Decodable {
        var max_seq_length: Double?
        var do_lower_case: Bool?
    }

    private struct TokenizerFile: Decodable {
        var do_lower_case: Bool?
        var strip_accents: Bool?
        var tokenize_chinese_chars: Bool?
        var model_max_length: Double?
        var unk_token: Token?
        var cls_token: Token?
        var sep_token: Token?
    }

    /// A special token is written as a text, or as an object with its text in `content`.
    private struct Token: Decodable {
        let text: String

        private enum CodingKeys: String, CodingKey {
            case content
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self.text = text
            } else {
                text = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .content)
            }
        }
    }

    /// How this model's tokenizer treats text.
    ///
    /// The length is `max_seq_length`, or else the tokenizer's `model_max_length`, within the model's positions.
    func tokenizerConfiguration(maximumPositions: Int) throws(ModelFolderError) -> TokenizerConfiguration {
        let sentence = try decodeIfPresent(SentenceFile.self, from: "sentence_bert_config.json")
        let tokenizer = try decodeIfPresent(TokenizerFile.self, from: "tokenizer_config.json")
        var configuration = TokenizerConfiguration()
        configuration.lowercases = tokenizer?.do_lower_case ?? true
        configuration.stripsAccents = tokenizer?.strip_accents ?? configuration.lowercases
        // sentence-transformers lower-cases before a tokenizer that would not.
        configuration.lowercases = configuration.lowercases || sentence?.do_lower_case ?? false
        configuration.separatesChineseCharacters = tokenizer?.tokenize_chinese_chars ?? true
        if let token = tokenizer?.unk_token { configuration.unknownToken = token.text }
        if let token = tokenizer?.cls_token { configuration.classifierToken = token.text }
        if let token = tokenizer?.sep_token { configuration.separatorToken = token.text }
        let asked = sentence?.max_seq_length ?? tokenizer?.model_max_length ?? Double(maximumPositions)
        guard asked >= 4 else {
            throw .invalidConfiguration(file: "sentence_bert_config.json", "max_seq_length is \(asked), less than 4")
        }
        configuration.maximumTokens = asked >= Double(maximumPositions) ? maximumPositions : Int(asked)
        return configuration
    }

    private struct Module: Decodable {
        var path: String
        var type: String
    }

    private struct PoolingFile: Decodable {
        var pooling_mode_cls_token: Bool?
        var pooling_mode_mean_tokens: Bool?
        var pooling_mode_max_tokens: Bool?
        var pooling_mode_mean_sqrt_len_tokens: Bool?
        var pooling_mode_weightedmean_tokens: Bool?
        var pooling_mode_lasttoken: Bool?
    }

    /// How the token vectors become one, from `modules.json`.
    ///
    /// - Throws: ``ModelFolderError/unsupported(_:)`` for modules that would change the vector otherwise. Vectors are
    ///   always normalised, whether or not the folder lists a `Normalize` module: embeddings here are unit vectors.
    func pooling() throws(ModelFolderError) -> Pooling {
        guard let modules = try decodeIfPresent([Module].self, from: "modules.json") else { return .mean }
        var pooling: Pooling?
        for module in modules {
            switch module.type.split(separator: ".").last ?? "" {
            case "Transformer", "Normalize": break
            case "Pooling": pooling = try self.pooling(at: module.path)
            default: throw .unsupported("modules.json asks for \(String(reflecting: module.type))")
            }
        }
        return pooling ?? .mean
    }

    private func pooling(at modulePath: String) throws(ModelFolderError) -> Pooling {
        guard !modulePath.split(separator: "/").contains(".."), !modulePath.hasPrefix("/") else {
            throw .invalidConfiguration(file: "modules.json", "a module lies outside of the folder")
        }
        let file = try decode(PoolingFile.self, from: modulePath + "/config.json")
        // The mean over √length points where the mean does, and the length goes when the vector is normalised.
        let isMean = file.pooling_mode_mean_tokens ?? false || file.pooling_mode_mean_sqrt_len_tokens ?? false
        let isClassifier = file.pooling_mode_cls_token ?? false
        let others = [
            file.pooling_mode_max_tokens, file.pooling_mode_weightedmean_tokens, file.pooling_mode_lasttoken,
        ]
        switch (isMean, isClassifier, others.contains(true)) {
        case (true, false, false): return .mean
        case (false, true, false): return .classifier
        default: throw .unsupported("pooling must be either the mean of the tokens or the CLS token")
        }
    }
}
