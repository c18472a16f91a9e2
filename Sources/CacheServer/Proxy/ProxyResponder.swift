internal import Embeddings
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import OpenAI
internal import SemanticCaching

/// Answers the requests of OpenAI clients: from the cache where it can, else from the upstream.
///
///     POST /v1/chat/completions ┐
///     POST /v1/responses        │
///     POST /v1/messages         ├─ understood ──► controls ──► lookup ──► hit: replay
///     POST /v1/embeddings       ┘       │                          └────► miss: exchange, followed by all who ask the same
///     everything else under /v1/ ───────┴──► passed through, streaming both ways
///
/// Nothing that the cache does turns an answer into an error: what it does not understand, or cannot do, goes upstream.
final class ProxyResponder: HTTPResponder, ServerPart {
    typealias Context = ProxyContext

    let core: ServerCore
    let upstream: UpstreamClient
    let quota = TenantQuota()
    let exchanges = ExchangeTable()
    let stores = PendingStores()
    private let liveConversations: LiveConversations
    let gate: ConcurrencyGate
    private let log: AccessLog

    /// - Parameter upstream: Who asks the upstream; the responder does not shut it down.
    init(core: ServerCore, upstream: UpstreamClient, log: AccessLog) {
        self.core = core
        self.upstream = upstream
        self.log = log
        let configuration = core.live.current.configuration
        liveConversations = LiveConversations(core.cache, core.live)
        gate = ConcurrencyGate(limit: configuration.limits.maximumConcurrentRequests)
    }

    /// The conversations, as the configuration is now.
    var conversations: ConversationCache { liveConversations.value }

    /// Answers one request; every failure becomes an answer of its own.
    func respond(to request: Request, context: Context) async throws -> Response {
        let record = RequestRecord(
            method: request.method.rawValue,
            path: request.uri.path,
            headers: request.headers,
            channel: context.channel
        )
        guard let pass = gate.enter() else {
            metrics.countShed(.concurrency)
            return finished(ErrorAnswer.overloaded.response(to: record.path), record, pass: nil)
        }
        let response: Response
        do {
            response = try await route(request, record)
        } catch let answer as ErrorAnswer {
            if let cause = answer.shedCause { metrics.countShed(cause) }
            response = answer.response(to: record.path)
        } catch is CancellationError {
            // There is nobody to answer. The books have the status that other proxies write for it.
            record.begin(status: Self.callerGone)
            complete(record)
            throw CancellationError()
        } catch let error as HTTPParserError {
            throw error  // What is not HTTP is answered by the server below, which then closes the connection.
        } catch {
            response = ErrorAnswer.upstream(error).response(to: record.path)
        }
        return finished(response, record, pass: pass)
    }

    /// The caller closed the connection before an answer began.
    private static let callerGone = 499

    private func route(_ request: Request, _ record: RequestRecord) async throws -> Response {
        let path = request.uri.path
        guard path.hasPrefix("/v1/") || path == "/v1" else {
            throw ErrorAnswer(.notFound, code: "unknown_path", "The API is served under /v1/.")
        }
        guard !Self.climbs(path) else {
            throw ErrorAnswer(.badRequest, code: "invalid_path", "The path must not have segments of dots.")
        }
        guard case .tenant(let tenant) = live.current.tenants.identify(request.headers) else {
            throw ErrorAnswer.unauthorized
        }
        guard request.method == .post else { return try await passThrough(request, record) }
        if let api = WireAPI(path: path) { return try await answer(request, api, tenant: tenant, record) }
        if path == "/v1/embeddings" { return try await embed(request, tenant: tenant, record) }
        return try await passThrough(request, record)
    }

    /// Whether a path leaves its place by `..`, however it is written.
    private static func climbs(_ path: String) -> Bool {
        // Most paths have nothing that could be a dot: they are let by without a copy.
        guard path.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "%") }) else { return false }
        let plain = path.lowercased().replacing("%2e", with: ".").replacing("%2f", with: "/").replacing(
            "%5c",
            with: "/"
        )
        return plain.split { $0 == "/" || $0 == "\\" }.contains { $0 == ".." || $0 == "." }
    }

    /// Adds what every answer has, and keeps the books when its last byte is written.
    private func finished(_ answer: Response, _ record: RequestRecord, pass: ConcurrencyGate.Pass?) -> Response {
        var response = answer
        // The caller's id is his to find; else the upstream's is, as its support asks for it. The log has the same.
        if !record.hasCallersID, let given = response.headers[.requestID] { record.id = given }
        response.headers[.requestID] = record.id
        if response.headers[.semcache] == nil {
            Disposition(.bypass, reason: .refused).write(to: &response.headers, now: clock.now)
        }
        record.begin(status: Int(response.status.code))
        if response.body.contentLength != nil, record.isStream == false {
            complete(record)
            return response
        }
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { [self] writer in
            defer {
                complete(record)
                withExtendedLifetime(pass) {}
            }
            try await body.write(writer)
        }
        return response
    }

    /// Keeps the books of a request whose answer is out.
    func complete(_ record: RequestRecord) {
        metrics.count(record)
        if configuration.logsAccess { log.write(record) }
    }

    /// Reads a request's whole body, within the limits of size and time.
    func collectBody(of request: Request, _ record: RequestRecord) async throws -> ByteBuffer {
        let limit = configuration.limits.maximumBodyBytes
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw ErrorAnswer.bodyTooLarge(limit: limit)
        }
        // The alarm ends the reading by an error on the connection: no task of its own for each request.
        let alarm = DeadlineWheel.shared.add(after: configuration.limits.bodyTimeout) { [channel = record.channel] in
            channel?.pipeline.fireErrorCaught(DeadlineExceeded())
        }
        defer { alarm.cancel() }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw ErrorAnswer.bodyTooLarge(limit: limit)
        } catch is DeadlineExceeded {
            throw ErrorAnswer.bodyTooSlow
        }
    }

    /// The fields of a request for the upstream.
    func upstreamHeaders(of request: Request, readsAnswer: Bool) -> [(name: String, value: String)] {
        let version = live.current
        return ForwardedHeaders.request(
            request.headers,
            upstreamKey: version.configuration.upstreamKey,
            readsAnswer: readsAnswer,
            keepsAccount: version.passThrough.keepsAccount
        )
    }

    /// The upstream's address for a request: the base URL stands for `/v1`.
    func upstreamURL(of request: Request) -> String {
        let path = request.uri.path.dropFirst("/v1".count)
        return configuration.upstream.appending(path + (request.uri.query.map { "?" + $0 } ?? ""))
    }
}
