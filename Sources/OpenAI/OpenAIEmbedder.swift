package import AsyncHTTPClient
public import Embeddings

/// Embeds texts through any server that speaks OpenAI's `POST /embeddings`.
///
///     let embedder = OpenAIEmbedder(configuration: .init(
///         baseURL: try BaseURL("https://api.openai.com/v1"),
///         apiKey: APIKey(environmentVariable: "OPENAI_API_KEY"),
///         model: "text-embedding-3-small", dimension: 512, requestsDimension: true))
///     let embeddings = try await embedder.embed(["How do I reset my password?"])
///
/// A call never hangs: each batch has a deadline with its retries inside, and a server that keeps failing is left
/// alone for a while. Vectors are checked and normalised; texts and the key appear in no error.
public struct OpenAIEmbedder: Embedder {
    /// How vectors travel.
    public enum Encoding: String, Hashable, Sendable {
        /// Little-endian float32 in base64: a quarter of the bytes, and exact.
        case base64
        /// Decimal numbers, for servers that know nothing else.
        case float
    }

    /// Where and how texts are embedded.
    public struct Configuration: Sendable {
        /// The server's address.
        public var baseURL: BaseURL
        /// The key, for servers that want one.
        public var apiKey: APIKey?
        /// The model's name on the server.
        public var model: String
        /// The number of components that the vectors have.
        public var dimension: Int
        /// Whether to ask the server for vectors of `dimension` components (OpenAI's `dimensions`).
        public var requestsDimension: Bool
        /// How vectors travel.
        public var encoding: Encoding
        /// The most texts in one request.
        public var maximumBatchSize: Int
        /// The longest that one request takes, its retries included.
        public var deadline: Duration
        /// When a failed request is sent again.
        public var retry: RetryPolicy
        /// When the server is left alone.
        public var circuitBreaker: CircuitBreaker.Configuration
        /// The most bytes of an answer.
        public var maximumResponseBytes: Int

        /// Creates a configuration.
        public init(
            baseURL: BaseURL,
            apiKey: APIKey?,
            model: String,
            dimension: Int,
            requestsDimension: Bool = false,
            encoding: Encoding = .base64,
            maximumBatchSize: Int = 256,
            deadline: Duration = .seconds(2),
            retry: RetryPolicy = RetryPolicy(),
            circuitBreaker: CircuitBreaker.Configuration = .init(),
            maximumResponseBytes: Int = 64 << 20
        ) {
            precondition(dimension >= 1, "A vector has at least one component.")
            precondition(maximumBatchSize >= 1, "A batch has at least one text.")
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.model = model
            self.dimension = dimension
            self.requestsDimension = requestsDimension
            self.encoding = encoding
            self.maximumBatchSize = maximumBatchSize
            self.deadline = deadline
            self.retry = retry
            self.circuitBreaker = circuitBreaker
            self.maximumResponseBytes = maximumResponseBytes
        }
    }

    /// The model, whose `id` names a requested dimension too: such vectors do not compare with the full ones.
    public let model: EmbeddingModel

    private let configuration: Configuration
    private let endpoint: ResilientEndpoint

    /// Creates an embedder; nothing is sent before the first text.
    ///
    /// - Parameters:
    ///   - configuration: The server, the model, and how patiently it is asked.
    ///   - time: The time that deadlines, waits and the circuit breaker run on.
    ///   - random: Draws from 0 ..< 1, for the jitter of the waits.
    public init(
        configuration: Configuration,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.init(configuration: configuration, client: .forAPIs, time: time, random: random)
    }

    package init(
        configuration: Configuration,
        client: HTTPClient,
        time: TimeSource,
        random: @escaping @Sendable () -> Double
    ) {
        self.configuration = configuration
        self.model = EmbeddingModel(
            id: configuration.requestsDimension
                ? "\(configuration.model)@\(configuration.dimension)" : configuration.model,
            dimension: configuration.dimension
        )
        self.endpoint = ResilientEndpoint(
            endpoint: OpenAIEndpoint(
                baseURL: configuration.baseURL,
                key: configuration.apiKey,
                maximumResponseBytes: configuration.maximumResponseBytes,
                client: client,
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

    /// Embeds the texts in batches, one after the other, in order.
    ///
    /// - Throws: `EmbedderError`, or `CancellationError`.
    public func embed(_ texts: [String]) async throws -> [Embedding] {
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(texts.count)
        for start in stride(from: 0, to: texts.count, by: configuration.maximumBatchSize) {
            let end = min(start + configuration.maximumBatchSize, texts.count)
            embeddings += try await embed(batch: Array(texts[start..<end]))
        }
        return embeddings
    }

    private func embed(batch: [String]) async throws -> [Embedding] {
        let body = EmbeddingsWire.request(
            texts: batch,
            model: configuration.model,
            dimensions: configuration.requestsDimension ? configuration.dimension : nil,
            encoding: configuration.encoding
        )
        let dimension = configuration.dimension
        do {
            return try await endpoint.post("/embeddings", body: body) { answer in
                try EmbeddingsWire.vectors(parsing: answer, count: batch.count).map {
                    try Embedding(normalizing: $0, expectedDimension: dimension)
                }
            }
        } catch let error as OpenAIClientError {
            throw EmbedderError(error)
        } catch let fault as WireFault {
            throw EmbedderError.invalidResponse(fault.reason)
        }
    }
}

extension OpenAIEmbedder: CustomReflectable {
    /// The model alone: beneath lie connections, whose requests carry the key.
    public var customMirror: Mirror { Mirror(self, children: ["model": model]) }
}

extension EmbedderError {
    fileprivate init(_ error: OpenAIClientError) {
        switch error {
        case .timedOut: self = .timedOut
        case .status where error.isCausedByInput: self = .invalidInput("\(error)")
        case .responseTooLarge, .invalidResponse: self = .invalidResponse("\(error)")
        case .status, .transport, .circuitOpen, .invalidBaseURL: self = .unavailable("\(error)")
        }
    }
}
