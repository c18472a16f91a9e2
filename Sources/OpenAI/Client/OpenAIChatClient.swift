public import StrictJSON

/// Asks a chat model one question at a time: for judges of answers and for summaries.
///
///     let client = OpenAIChatClient(configuration: .init(
///         baseURL: try BaseURL("http://localhost:11434/v1"), apiKey: nil, model: "llama3.2"))
///     let text = try await client.complete([PromptMessage(role: .user, content: "Say yes.")])
public struct OpenAIChatClient: Sendable {
    /// Where and how a question is asked.
    public struct Configuration: Sendable {
        /// The server's address.
        public var baseURL: BaseURL
        /// The key, for servers that want one.
        public var apiKey: APIKey?
        /// The model's name on the server.
        public var model: String
        /// The sampling temperature; nil leaves it to the server, as some models allow no other.
        public var temperature: Double?
        /// The longest that one question takes, its retries included.
        public var deadline: Duration
        /// When a failed request is sent again.
        public var retry: RetryPolicy
        /// When the server is left alone.
        public var circuitBreaker: CircuitBreaker.Configuration

        /// Creates a configuration.
        public init(
            baseURL: BaseURL,
            apiKey: APIKey?,
            model: String,
            temperature: Double? = 0,
            deadline: Duration = .seconds(60),
            retry: RetryPolicy = RetryPolicy(initialBackoff: .milliseconds(500)),
            circuitBreaker: CircuitBreaker.Configuration = .init()
        ) {
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.model = model
            self.temperature = temperature
            self.deadline = deadline
            self.retry = retry
            self.circuitBreaker = circuitBreaker
        }
    }

    private let configuration: Configuration
    private let endpoint: ResilientEndpoint

    /// Creates a client; nothing is sent before the first question.
    public init(
        configuration: Configuration,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.configuration = configuration
        self.endpoint = ResilientEndpoint(
            endpoint: OpenAIEndpoint(
                baseURL: configuration.baseURL,
                key: configuration.apiKey,
                maximumResponseBytes: 8 << 20,
                time: time
            ),
            configuration: .init(
                deadline: configuration.deadline,
                retry: configuration.retry,
                circuitBreaker: configuration.circuitBreaker
            ),
            time: time,
            random: random
        )
    }

    /// Returns the text that the model answers, complete.
    ///
    /// - Throws: ``OpenAIClientError``, also when the answer is cut off, filtered or has no text; or
    ///   `CancellationError`.
    public func complete(_ messages: [PromptMessage]) async throws -> String {
        try await completion(of: messages).text
    }

    /// A complete answer, with what it took.
    public struct Completion: Sendable {
        /// What the model says.
        public let text: String
        /// The model that answered, as the server names it.
        public let model: String?
        /// The server's own account of the tokens, in its wire form.
        public let usage: JSONValue?
    }

    /// Returns what the model answers, complete, with what the server says that it took.
    ///
    /// - Throws: As ``complete(_:)`` does.
    public func completion(of messages: [PromptMessage]) async throws -> Completion {
        var body: JSONObject = [
            "model": .string(configuration.model), "messages": .array(messages.map(\.json)),
        ]
        if let temperature = configuration.temperature.flatMap({ JSONNumber($0) }) {
            body["temperature"] = .number(temperature)
        }
        return try await endpoint.post("/chat/completions", body: JSONValue.object(body).serialized()) {
            answer in
            try Self.completion(in: answer)
        }
    }

    private static func completion(in answer: [UInt8]) throws(OpenAIClientError) -> Completion {
        let body: JSONValue
        do {
            body = try JSONValue(parsing: answer)
        } catch {
            throw .invalidResponse("\(error)")
        }
        guard let choice = body["choices"]?[0] else { throw .invalidResponse("it has no choice") }
        guard let reason = choice["finish_reason"]?.stringValue, reason == "stop" else {
            throw .invalidResponse("the model did not finish its answer")
        }
        guard let text = choice["message"]?["content"]?.stringValue, !text.isEmpty else {
            throw .invalidResponse("it has no text")
        }
        return Completion(text: text, model: body["model"]?.stringValue, usage: body["usage"])
    }
}
