internal import Embeddings
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import OpenAI
public import SemanticCaching
public import ServiceLifecycle

/// The OpenAI-compatible caching proxy, with its admin API and dashboard.
///
///     let server = CacheServer(cache: cache, configuration: configuration)
///     try await ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
///
/// It listens until it is asked to shut down: then it accepts no more, lets what is under way finish, and returns. The
/// service group sets how long that may take. The cache, its store and its sweeps belong to the caller.
public struct CacheServer: Service {
    /// Where a running server listens.
    public struct Addresses: Hashable, Sendable {
        /// The port of the proxy.
        public let port: Int
        /// The port of the admin API.
        public let adminPort: Int
    }

    private let cache: SemanticCache
    private let configuration: ServerConfiguration
    private let live: LiveConfiguration
    private let clock: any CacheClock
    private let logger: Logger
    private let accessSink: (@Sendable (String) -> Void)?
    /// Where the lines of the access log go without a sink of the program's own: standard output.
    package var accessDescriptor: Int32 = 1
    private let onRunning: @Sendable (Addresses) async -> Void

    /// Creates a server; nothing listens before it runs.
    ///
    /// - Parameters:
    ///   - cache: An open cache.
    ///   - accessSink: Gets one line of JSON for each request, and must not block: it is called on the threads that serve
    ///     connections. Without one, the lines go to standard output from a thread of their own; when its reader stalls,
    ///     lines are dropped and counted.
    ///   - onRunning: Called once both ports listen.
    public init(
        cache: SemanticCache,
        configuration: ServerConfiguration,
        clock: any CacheClock = SystemClock(),
        logger: Logger = Logger(label: "semcache.server"),
        accessSink: (@Sendable (String) -> Void)? = nil,
        onRunning: @escaping @Sendable (Addresses) async -> Void = { _ in }
    ) {
        self.cache = cache
        self.configuration = configuration
        live = LiveConfiguration(configuration)
        self.clock = clock
        self.logger = logger
        self.accessSink = accessSink
        self.onRunning = onRunning
    }

    /// Answers requests by another configuration from now on; those under way end by the old one.
    ///
    /// Where the server listens, its idle and upstream time-outs and the number of requests at once stay as they are.
    public func reconfigure(_ configuration: ServerConfiguration) { live.replace(with: configuration) }

    /// Listens and serves until shut down.
    ///
    /// - Throws: ``ListenFault`` when a port is in use, or may not be listened on.
    public func run() async throws {
        let core = ServerCore(
            cache: cache,
            live: live,
            clock: clock,
            metrics: ServerMetrics(),
            recorder: LookupRecorder(clock: clock)
        )
        let lines = LineQueue(descriptor: accessDescriptor) { [metrics = core.metrics] in metrics.countDroppedLines($0)
        }
        // As many connections as there may be requests: none waits silently behind those that stall.
        let upstream = UpstreamClient(
            timeout: configuration.limits.upstreamTimeout,
            maximumConnections: configuration.limits.maximumConcurrentRequests
        )
        let proxy = ProxyResponder(
            core: core,
            upstream: upstream,
            log: AccessLog(clock: clock, sink: accessSink ?? { lines.append($0) })
        )
        do { try await serve(core, proxy) } catch {
            await Self.settle(proxy, lines)
            throw error
        }
        await Self.settle(proxy, lines)
    }

    /// Lets what is answered be stored and logged; neither a store nor a reader that stalls holds the shutdown up.
    private static func settle(_ proxy: ProxyResponder, _ lines: LineQueue) async {
        try? await withDeadline(.seconds(10)) { await proxy.stores.drained() }
        await proxy.upstream.shutDown()
        try? await withDeadline(.seconds(2)) { await lines.drained() }
    }

    private func serve(_ core: ServerCore, _ proxy: ProxyResponder) async throws {
        let admin = AdminResponder(core: core, proxy: proxy)
        let (ports, port) = AsyncStream.makeStream(of: (isAdmin: Bool, port: Int).self)
        let services: [any Service] = [
            application(proxy, hits: proxy.answerAtOnce, host: configuration.host, port: configuration.port) {
                port.yield((false, $0))
            },
            application(admin, host: configuration.admin.host, port: configuration.admin.port) {
                port.yield((true, $0))
            },
            HistoryService(core: core),
        ]
        let group = ServiceGroup(configuration: .init(services: services, logger: logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                defer { port.finish() }
                try await group.run()
            }
            tasks.addTask {
                var found: [Bool: Int] = [:]
                for await (isAdmin, port) in ports {
                    found[isAdmin] = port
                    guard let main = found[false], let admin = found[true] else { continue }
                    await onRunning(Addresses(port: main, adminPort: admin))
                    return
                }
            }
            try await tasks.waitForAll()
        }
    }

    private func application<Responder: HTTPResponder>(
        _ responder: Responder,
        hits: InlineHits.Lookup? = nil,
        host: String,
        port: Int,
        onPort: @escaping @Sendable (Int) -> Void
    ) -> Listener<Application<Responder>>
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let idleTimeout = configuration.limits.idleTimeout
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                LoopBoundConnections(
                    HTTP1Channel(
                        responder: responder,
                        configuration: .init(idleTimeout: .seconds(idleTimeout.components.seconds))
                    ),
                    hits: hits,
                    silence: idleTimeout
                )
            },
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { onPort($0.localAddress?.port ?? port) },
            logger: logger
        )
        return Listener(base: application, address: "\(host):\(port)")
    }
}
