import CacheServer
import Embeddings
import Hummingbird
import Logging
import NIOCore
import OpenAI
import SemanticCaching
import SemanticCachingTesting
import ServiceLifecycle
import StrictJSON
import Synchronization

/// A server and its upstream on ports of their own, with a client that reads whole answers.
struct Rig: Sendable {
    let stub: StubModel
    let cache: SemanticCache
    let port: Int
    let adminPort: Int
    let log: LogLines
    /// The server, for what its program does to it while it runs.
    let server: CacheServer
    /// What the server runs by: what a test changes and gives back to it.
    let configuration: ServerConfiguration
    /// Asks the server to finish what is under way and stop.
    let shutDown: @Sendable () -> Void

    final class LogLines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    struct Answer: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        subscript(name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

        /// The text that the events of a chat stream spell.
        var streamedText: String {
            var parser = ServerSentEventParser()
            let events = (try? parser.feed(body)) ?? []
            return events.compactMap {
                (try? JSONValue(parsing: $0.data.utf8))?["choices"]?[0]?["delta"]?["content"]?.stringValue
            }.joined()
        }
    }

    private static func logger() -> Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// How the servers of a test are made.
    struct Settings: Sendable {
        var embedder: (any Embedder)?
        var store: any EntryStore = MemoryStore()
        var clock: any CacheClock = SystemClock()
        var cache: @Sendable (inout CacheConfiguration) -> Void = { _ in }
        var server: @Sendable (inout ServerConfiguration) -> Void = { _ in }
        var upstream: String?
        /// Where the access log goes, as without a sink of the test's own.
        var accessDescriptor: Int32?
    }

    /// Runs a body against a server of these settings; both servers are gone when it returns.
    static func run(
        _ settings: Settings = Settings(),
        _ body: @escaping @Sendable (Rig) async throws -> Void
    ) async throws {
        let stub = StubModel()
        let (stubPorts, stubPort) = AsyncStream.makeStream(of: Int.self)
        let stubApplication = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await stub.respond(to: request) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { stubPort.yield($0.localAddress?.port ?? 0) },
            logger: logger()
        )
        var cacheConfiguration = CacheConfiguration()
        cacheConfiguration.embedding.deadline = .seconds(600)
        settings.cache(&cacheConfiguration)
        let cache = try SemanticCache(
            embedder: settings.embedder,
            store: settings.store,
            configuration: cacheConfiguration,
            clock: settings.clock,
            logger: logger()
        )
        var callers = ServerConfiguration.Callers(tenantSecret: Array(repeating: 7, count: 32))
        callers.acceptedKeys = []
        var configuration = ServerConfiguration(upstream: try BaseURL("http://127.0.0.1:1/v1"), callers: callers)
        configuration.port = 0
        configuration.admin.port = 0
        // What a test asks for next must be stored, however busy the machine is.
        configuration.storeGrace = .seconds(600)
        settings.server(&configuration)
        let prepared = configuration
        let log = LogLines()
        try await withThrowingTaskGroup { group in
            group.addTask { try await stubApplication.run() }
            group.addTask {
                var configuration = prepared
                for await port in stubPorts {
                    configuration.upstream = try BaseURL(settings.upstream ?? "http://127.0.0.1:\(port)/v1")
                    break
                }
                let effective = configuration
                let (addresses, running) = AsyncStream.makeStream(of: CacheServer.Addresses.self)
                var sink: (@Sendable (String) -> Void)?
                if settings.accessDescriptor == nil { sink = { log.append($0) } }
                var server = CacheServer(
                    cache: cache,
                    configuration: effective,
                    clock: settings.clock,
                    logger: logger(),
                    accessSink: sink,
                    onRunning: { running.yield($0) }
                )
                if let descriptor = settings.accessDescriptor { server.accessDescriptor = descriptor }
                let started = server
                let services = ServiceGroup(configuration: .init(services: [started], logger: logger()))
                try await withThrowingTaskGroup(of: Bool.self) { inner in
                    inner.addTask {
                        // A shutdown is what a test may ask for; the group reports the end of its service as an error.
                        try? await services.run()
                        return false
                    }
                    inner.addTask {
                        for await address in addresses {
                            try await body(
                                Rig(
                                    stub: stub,
                                    cache: cache,
                                    port: address.port,
                                    adminPort: address.adminPort,
                                    log: log,
                                    server: started,
                                    configuration: effective,
                                    shutDown: { Task { await services.triggerGracefulShutdown() } }
                                )
                            )
                            return true
                        }
                        return true
                    }
                    defer { inner.cancelAll() }
                    while let isBody = try await inner.next(), !isBody {}
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: - Requests

    func send(
        _ method: String,
        _ path: String,
        _ body: [UInt8]? = nil,
        headers: [(name: String, value: String)] = [],
        toAdmin: Bool = false
    ) async throws -> Answer {
        let url = "http://127.0.0.1:\(toAdmin ? adminPort : port)\(path)"
        var headers = headers
        if body != nil, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            headers.append((name: "content-type", value: "application/json"))
        }
        let response = try await UpstreamClient().send(
            .init(method: method, url: url, headers: headers, body: body.map { .bytes(ByteBuffer(bytes: $0)) } ?? .none)
        )
        let content = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: response.status,
            headers: response.headers,
            body: Array(content.readableBytesView)
        )
    }

    func post(_ path: String, _ json: JSONValue, _ headers: [(name: String, value: String)] = []) async throws -> Answer
    {
        try await send("POST", path, json.serialized(), headers: headers)
    }

    func chat(
        _ text: String,
        model: String = "m",
        stream: Bool = false,
        extra: JSONObject = [:],
        _ headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        var body: JSONObject = ["model": .string(model), "messages": [["role": "user", "content": .string(text)]]]
        if stream { body["stream"] = true }
        for member in extra.members { body[member.key] = member.value }
        return try await post("/v1/chat/completions", .object(body), headers)
    }

    func admin(_ method: String, _ path: String, _ json: JSONValue? = nil) async throws -> Answer {
        try await send(method, path, json?.serialized(), toAdmin: true)
    }

    /// The requests that wait for the upstream or are being answered; nil if that could not be asked just now.
    var requestsInFlight: Int? {
        get async { (try? await admin("GET", "/api/stats"))?.json["requests_in_flight"]?.intValue }
    }

    /// The exchanges with the upstream that callers may join.
    var exchangesUnderWay: Int? {
        get async {
            let text = (try? await admin("GET", "/metrics"))?.text ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("semcache_exchanges_in_flight ") }
            return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
        }
    }

    /// Waits until the condition holds, without a guess at how long that takes.
    func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }
}
