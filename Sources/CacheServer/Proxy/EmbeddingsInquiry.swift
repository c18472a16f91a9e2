internal import Hummingbird
internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

/// A request for embeddings, of which each input is cached by itself.
struct EmbeddingsInquiry: Sendable {
    /// The name under which vectors are stored.
    static let format = "embedding"

    /// The most inputs that OpenAI's API takes in one request.
    static let maximumInputs = 2_048

    let body: JSONObject
    let model: String
    /// The inputs: texts, or lists of tokens.
    let inputs: [JSONValue]

    /// Reads the body of `POST /v1/embeddings`; nil when it is not one that the cache understands.
    init?(_ body: JSONObject) {
        guard let model = body["model"]?.stringValue, let input = body["input"] else { return nil }
        self.body = body
        self.model = model
        switch input {
        case .string: inputs = [input]
        case .array(let elements):
            guard let first = elements.first else { return nil }
            // A list of numbers is one input of tokens; a list of texts or of such lists is many.
            inputs = first.numberValue == nil ? elements : [input]
        default: return nil
        }
        // Above what the API takes, it is the upstream's to refuse.
        guard inputs.count <= Self.maximumInputs else { return nil }
        let isUnderstood = inputs.allSatisfy { $0.stringValue != nil || $0.arrayValue != nil }
        guard isUnderstood else { return nil }
    }

    /// The request for one input, as the engine sees it: word for word only.
    func cacheRequest(
        _ input: JSONValue,
        _ request: Request,
        _ scope: CacheScope,
        _ controls: CacheControls
    ) -> CacheRequest {
        var fields = body
        for key in ["model", "input", "cache"] { fields[key] = nil }
        fields["semcache_api"] = "embeddings"
        var controls = controls
        if controls.mode == .semantic { controls.mode = .exact }
        let content: ChatContent = input.stringValue.map { .text($0) } ?? .parts([.other(input)])
        return CacheRequest(
            messages: [ChatMessage(role: .user, content: content)],
            parameters: ProxyResponder.parameters(GenerationParameters(fields: fields), with: request),
            scope: scope,
            controls: controls
        )
    }

    /// The body that asks for some of the inputs only.
    func body(asking inputs: [JSONValue]) -> [UInt8] {
        var reduced = body
        reduced["cache"] = nil
        reduced["input"] = .array(inputs)
        return JSONValue.object(reduced).serialized()
    }
}
