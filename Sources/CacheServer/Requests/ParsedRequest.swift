internal import SemanticCaching
internal import StrictJSON

/// A cacheable request as it was understood; its own bytes go upstream.
struct ParsedRequest: Sendable {
    /// The kind of request.
    let api: WireAPI
    /// What is sent to the model, as the engine sees it, without scope and controls.
    var messages: [ChatMessage]
    /// Every other field.
    var parameters: GenerationParameters
    /// The model that is asked.
    let model: String
    /// Whether the caller wants a stream.
    let isStream: Bool
    /// Whether the caller wants the usage at the stream's end.
    let includesUsage: Bool
    /// LiteLLM's controls in the body, if there are any.
    let bodyControls: JSONObject?

    /// The form in which the answer travels: callers who want the same one can share its bytes.
    var wireForm: WireForm { WireForm(isStream: isStream, includesUsage: isStream && includesUsage) }
}

extension ParsedRequest {
    /// Reads the body of a request of that kind; nil when it is not one that the cache understands.
    init?(_ body: JSONObject, api: WireAPI) {
        switch api {
        case .chatCompletions: self.init(chat: body)
        case .responses: self.init(responses: body)
        case .messages: self.init(messages: body)
        }
    }
}

/// The form in which an answer travels.
struct WireForm: Hashable, Sendable {
    /// As events, or as one object.
    let isStream: Bool
    /// With a last chunk of usage.
    let includesUsage: Bool
}
