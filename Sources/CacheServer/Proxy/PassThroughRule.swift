internal import HTTPTypes

/// Which of the requests that are not cached pass on to the upstream.
struct PassThroughRule {
    /// The choice that the configuration comes to; never `automatic`.
    let choice: ServerConfiguration.PassThrough

    /// What stands for requests that ask a model and leave nothing behind.
    private static let modelPaths: Set<String> = [
        "/v1/audio/speech", "/v1/audio/transcriptions", "/v1/audio/translations", "/v1/chat/completions",
        "/v1/completions", "/v1/embeddings", "/v1/images/edits", "/v1/images/generations", "/v1/images/variations",
        "/v1/messages", "/v1/messages/count_tokens", "/v1/moderations", "/v1/responses",
    ]

    init(_ configuration: ServerConfiguration) {
        let isShared = configuration.upstreamKey != nil && !configuration.callers.acceptedKeys.isEmpty
        choice =
            configuration.passThrough == .automatic ? (isShared ? .models : .all) : configuration.passThrough
    }

    /// Whether callers are kept to the account and the project that the server's own key stands for.
    var keepsAccount: Bool { choice != .all }

    /// Whether a request passes.
    func allows(_ method: HTTPRequest.Method, _ path: String) -> Bool {
        switch choice {
        case .automatic, .all: true
        case .nothing: false
        case .models:
            switch method {
            case .post: Self.modelPaths.contains(path)
            case .get, .head: path == "/v1/models" || path.hasPrefix("/v1/models/")
            default: false
            }
        }
    }
}
