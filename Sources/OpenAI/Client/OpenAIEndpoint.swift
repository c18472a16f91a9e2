package import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends one request to an OpenAI-compatible server and reads its answer, once, within a size limit.
package struct OpenAIEndpoint: Sendable {
    /// The server's address.
    package let baseURL: BaseURL

    /// The key that goes into the `Authorization` header.
    package let key: APIKey?

    /// The most bytes of an answer.
    package let maximumResponseBytes: Int

    private let client: HTTPClient
    private let time: TimeSource

    /// The network's own upper bound; the callers' deadlines, which are shorter, run on their time source.
    private static let ceiling = TimeAmount.minutes(30)

    /// Creates an endpoint.
    package init(
        baseURL: BaseURL,
        key: APIKey?,
        maximumResponseBytes: Int = 64 << 20,
        client: HTTPClient = .forAPIs,
        time: TimeSource = .system
    ) {
        self.baseURL = baseURL
        self.key = key
        self.maximumResponseBytes = maximumResponseBytes
        self.client = client
        self.time = time
    }

    /// Posts JSON and returns the body of a successful answer.
    ///
    /// - Throws: ``OpenAIClientError`` or `CancellationError`.
    package func post(_ path: String, body: [UInt8]) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: baseURL.appending(path))
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "semcache")
        if let key { request.headers.add(name: "authorization", value: "Bearer " + key.secret) }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: Self.ceiling)
            guard response.status == .ok else { throw try await failure(of: response) }
            let buffer = try await response.body.collect(upTo: maximumResponseBytes)
            return Array(buffer.readableBytesView)
        } catch let error as OpenAIClientError {
            throw error
        } catch is NIOTooManyBytesError {
            throw OpenAIClientError.responseTooLarge(limit: maximumResponseBytes)
        } catch {
            try Task.checkCancellation()
            if error is CancellationError { throw error }
            throw OpenAIClientError.transport(Self.kind(of: error))
        }
    }

    private func failure(of response: HTTPClientResponse) async throws -> OpenAIClientError {
        // An error's body is a courtesy: one that is cut off or too long costs its names and nothing else.
        let body = try? await response.body.collect(upTo: 1 << 16)
        let error = body.flatMap { OpenAIErrorBody(parsing: Array($0.readableBytesView)) }
        let milliseconds = response.headers.first(name: "retry-after-ms").flatMap { Int($0) }
        let retryAfter =
            milliseconds.map { Duration.milliseconds(max(0, $0)) }
            ?? response.headers.first(name: "retry-after").flatMap {
                RetryAfter.wait(parsing: $0, unixTime: time.unixTime())
            }
        return .status(
            Int(response.status.code),
            type: error.flatMap { Self.name($0.type) },
            code: error?.code.flatMap(Self.name),
            retryAfter: retryAfter
        )
    }

    /// A name of the server's, if it looks like one: free text could quote the prompt or the key.
    private static func name(_ text: String) -> String? {
        let isName =
            (1...48).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
                default: false
                }
            }
        return isName ? text : nil
    }

    /// The kind of a network error in a few words; its full text may hold addresses, and headers in odd cases.
    package static func kind(of error: any Error) -> String {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout: "the connection timed out"
            case .remoteConnectionClosed: "the connection was closed before the answer ended"
            case .deadlineExceeded, .readTimeout, .writeTimeout: "the network timed out"
            case .emptyHost, .emptyScheme: "the address is not valid"
            default: "an HTTP error"
            }
        case is NIOConnectionError: "the connection was refused or the name not resolved"
        case is IOError: "the connection was reset"
        case is HTTPParserError: "the answer is not HTTP"
        default: String(describing: type(of: error))
        }
    }
}
