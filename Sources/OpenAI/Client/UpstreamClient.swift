package import AsyncHTTPClient
package import NIOCore
import NIOHTTP1

/// Forwards requests as they are and streams the answers back as they come.
package struct UpstreamClient: Sendable {
    /// A request to forward.
    package struct Request: Sendable {
        /// The method, for example `POST`.
        package var method: String
        /// The absolute address.
        package var url: String
        /// The fields in order, without those of one connection only.
        package var headers: [(name: String, value: String)]
        /// The content.
        package var body: Body

        /// The content of a request.
        package enum Body: Sendable {
            case none
            case bytes(ByteBuffer)
            /// Content that is still arriving, of a known length or in chunks.
            case stream(any AsyncSequence<ByteBuffer, any Error> & Sendable, length: Int64?)
        }

        /// Creates a request.
        package init(method: String, url: String, headers: [(name: String, value: String)], body: Body) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    /// An answer whose content is still arriving.
    package struct Response: Sendable {
        /// The status code.
        package let status: Int
        /// The fields in order.
        package let headers: [(name: String, value: String)]
        /// The content; it is to be read or dropped, once.
        package let body: UpstreamBody

        /// The first field of a name, compared without case.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name }?.value
        }
    }

    private let client: HTTPClient

    /// The longest that an exchange takes.
    private let timeout: Duration

    /// Creates a client.
    package init(timeout: Duration = .seconds(600), client: HTTPClient = .forAPIs) {
        self.client = client
        self.timeout = timeout
    }

    /// Creates a client with connections of its own, to be closed with ``shutDown()``.
    ///
    /// - Parameter maximumConnections: The most exchanges with one server at once; more wait for their turn.
    package init(timeout: Duration, maximumConnections: Int) {
        self.init(timeout: timeout, client: .makeForAPIs(maximumConnections: maximumConnections))
    }

    /// Closes the connections and ends the exchanges that are still under way.
    package func shutDown() async { try? await client.shutdown() }

    /// Sends a request and returns as soon as the answer's head is there.
    ///
    /// - Throws: ``OpenAIClientError/transport(_:)``, or `CancellationError`.
    package func send(_ request: Request) async throws -> Response {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for field in request.headers { outgoing.headers.add(name: field.name, value: field.value) }
        switch request.body {
        case .none: break
        case .bytes(let buffer): outgoing.body = .bytes(buffer)
        case .stream(let sequence, let length):
            outgoing.body = Self.body(of: sequence, length: length)
        }
        do {
            let response = try await client.execute(
                outgoing,
                timeout: .nanoseconds(Int64(timeout / .nanoseconds(1)))
            )
            return Response(
                status: Int(response.status.code),
                headers: response.headers.map { (name: $0.name, value: $0.value) },
                body: UpstreamBody(response.body)
            )
        } catch {
            try Task.checkCancellation()
            if error is CancellationError { throw error }
            throw OpenAIClientError.transport(OpenAIEndpoint.kind(of: error))
        }
    }

    /// Opens the existential, which `HTTPClientRequest.Body.stream` cannot take as it is.
    private static func body<S: AsyncSequence & Sendable>(
        of sequence: S,
        length: Int64?
    ) -> HTTPClientRequest.Body where S.Element == ByteBuffer {
        .stream(sequence, length: length.map { .known($0) } ?? .unknown)
    }
}
