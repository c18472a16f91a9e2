package import AsyncHTTPClient
import NIOCore

extension HTTPClient {
    /// The client of every module here, which lives as long as the process.
    ///
    /// It follows no redirect: texts and keys go to the configured server and to no other. It decompresses nothing:
    /// a small answer cannot become a large one, and a relayed answer stays as it came.
    package static let forAPIs = makeForAPIs(maximumConnections: 256)

    /// Makes a client of the same manners, which its owner shuts down.
    ///
    /// - Parameter maximumConnections: The most exchanges with one server at once; more wait for their turn.
    static func makeForAPIs(maximumConnections: Int) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = maximumConnections
        configuration.connectionPool.idleTimeout = .seconds(50)
        // A refused connection is told at once: retries, and how long they may take, are the caller's to choose.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
