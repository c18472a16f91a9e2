import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on a port of its own that answers each request by the next step of a script, and stops answering after it.
final class MisbehavingServer: Sendable {
    enum Step: Sendable {
        case reply(status: Int = 200, headers: [(String, String)] = [], body: [UInt8])
        /// Promises more content than it sends, then closes the connection.
        case truncate(body: [UInt8], promised: Int)
        /// Reads the request and says nothing; tells that it has.
        case stall(@Sendable () -> Void)
        /// Closes the connection without a word.
        case hangUp
    }

    struct Received: Sendable {
        let uri: String
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    private struct State {
        var steps: [Step]
        var received: [Received] = []
    }

    private let state: Mutex<State>
    private let port = Mutex(0)

    /// The requests so far.
    var received: [Received] { state.withLock { $0.received } }

    var baseURL: String { "http://127.0.0.1:\(port.withLock { $0 })/v1" }

    private init(steps: [Step]) { state = Mutex(State(steps: steps)) }

    /// Runs a body against a server with a script.
    static func run(_ steps: [Step], _ body: (MisbehavingServer) async throws -> Void) async throws {
        let server = MisbehavingServer(steps: steps)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(server: server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.port.withLock { $0 = channel.localAddress?.port ?? 0 }
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try await channel.close()
        try result.get()
    }

    private func next(_ request: Received) -> Step {
        state.withLock { state in
            state.received.append(request)
            return state.steps.isEmpty ? .hangUp : state.steps.removeFirst()
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let server: MisbehavingServer
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(server: MisbehavingServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let buffer): body += Array(buffer.readableBytesView)
            case .end:
                guard let head else { return }
                let request = Received(uri: head.uri, headers: head.headers, body: body)
                perform(server.next(request), context: context)
            }
        }

        private func perform(_ step: Step, context: ChannelHandlerContext) {
            switch step {
            case .reply(let status, let headers, let body):
                write(status: status, headers: headers, body: body, length: body.count, context: context)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .truncate(let body, let promised):
                write(status: 200, headers: [], body: body, length: promised, context: context)
                context.flush()
                context.close(promise: nil)
            case .stall(let report): report()
            case .hangUp: context.close(promise: nil)
            }
        }

        private func write(
            status: Int,
            headers: [(String, String)],
            body: [UInt8],
            length: Int,
            context: ChannelHandlerContext
        ) {
            var all = HTTPHeaders(headers)
            all.add(name: "content-length", value: String(length))
            let head = HTTPResponseHead(
                version: .http1_1,
                status: .init(statusCode: status),
                headers: all
            )
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
    }
}
