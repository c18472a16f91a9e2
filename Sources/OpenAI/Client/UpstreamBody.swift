import AsyncHTTPClient
package import NIOCore

/// The content of an upstream's answer, piece by piece as it arrives.
package struct UpstreamBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    private let body: HTTPClientResponse.Body

    init(_ body: HTTPClientResponse.Body) {
        self.body = body
    }

    /// Reads the pieces, once.
    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body.makeAsyncIterator())
    }

    /// Reads all of it.
    ///
    /// - Throws: ``OpenAIClientError/responseTooLarge(limit:)``, ``OpenAIClientError/transport(_:)`` when it is cut
    ///   off, or `CancellationError`.
    package func collect(upTo limit: Int) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        for try await var piece in self {
            guard whole.readableBytes + piece.readableBytes <= limit else {
                throw OpenAIClientError.responseTooLarge(limit: limit)
            }
            whole.writeBuffer(&piece)
        }
        return whole
    }

    /// Reads pieces; a cut-off shows as an error and never as an early end.
    package struct AsyncIterator: AsyncIteratorProtocol {
        private var base: HTTPClientResponse.Body.AsyncIterator

        init(_ base: HTTPClientResponse.Body.AsyncIterator) {
            self.base = base
        }

        /// The next piece; nil at the end.
        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBuffer? {
            do {
                return try await base.next(isolation: actor)
            } catch {
                try Task.checkCancellation()
                if error is CancellationError { throw error }
                throw OpenAIClientError.transport(OpenAIEndpoint.kind(of: error))
            }
        }
    }
}
