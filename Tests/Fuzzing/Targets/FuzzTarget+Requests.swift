import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OpenAI
import StrictJSON
import Synchronization

@testable import CacheServer
@testable import SemanticCaching

extension FuzzTarget {
    /// What is read can be written, and reads the same again.
    static let json = FuzzTarget(name: "json") { bytes in
        guard let value = try? JSONValue(parsing: bytes) else { return }
        let text = value.serialized()
        let again = try demanded(try JSONValue(parsing: text), "what was written cannot be read")
        try demand(again == value, "what was written reads differently")
        try demand(again.serialized() == text, "writing again gives another text")
    }

    /// The key of a request depends on what it says, and not on the order or the spelling of its members.
    static let requestKey = FuzzTarget(name: "request-key") { bytes in
        guard let body = (try? JSONValue(parsing: bytes))?.objectValue else { return }
        for api in WireAPI.allCases { try checkKey(of: body, api) }
    }

    private static func checkKey(of body: JSONObject, _ api: WireAPI) throws {
        guard let key = key(of: body, api) else { return }
        let turned = turned(.object(body)).objectValue ?? JSONObject()
        try demand(self.key(of: turned, api)?.exact == key.exact, "the order of members changed the key")
        try demand(self.key(of: turned, api)?.partition == key.partition, "the order of members changed the partition")
        let respelled = try demanded(
            try JSONValue(parsing: JSONValue.object(body).serialized()).objectValue,
            "what was written cannot be read"
        )
        try demand(self.key(of: respelled, api)?.makeCheck() == key.makeCheck(), "the spelling changed the key")
        var other = body
        other["seed"] = body["seed"] == "another" ? "yet another" : "another"
        try demand(self.key(of: other, api)?.exact != key.exact, "another seed has the same key")
    }

    private static func key(of body: JSONObject, _ api: WireAPI) -> RequestKey? {
        guard let parsed = ParsedRequest(body, api: api) else { return nil }
        let scope = CacheScope(tenant: "t", namespace: "n", model: parsed.model)
        let request = CacheRequest(messages: parsed.messages, parameters: parsed.parameters, scope: scope)
        return RequestKey(request, namespace: request.scope.namespace)
    }

    /// The value with the members of all its objects in the opposite order.
    private static func turned(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(turned))
        case .object(let object):
            var result = JSONObject()
            for member in object.members.reversed() { result[member.key] = turned(member.value) }
            return .object(result)
        default: return value
        }
    }

    /// A path, lines of `name: value`, an empty line, a body: answered from memory when and only when it is there.
    static let httpRequest = FuzzTarget(name: "http-request") { bytes in
        let proxy = try proxies.next()
        guard let (head, body) = request(from: bytes) else { return }
        try demand(answer(to: head, body, proxy) == nil, "an answer from an empty cache")
        guard let api = WireAPI(path: head.path ?? "") else { return }
        let record = RequestRecord(method: "POST", path: "", headers: head.headerFields)
        let hummingbird = Request(head: head, body: RequestBody(buffer: body))
        guard case .understood(let inquiry)? = try? proxy.read(body, of: hummingbird, api, tenant: "t", record) else {
            return
        }
        let controls = inquiry.cacheRequest.controls
        try demand(controls.tags.count <= 64, "too many tags")
        try demand((controls.timeToLive ?? .zero) >= .zero, "a negative time to live")
        let upstream = try? JSONValue(parsing: Array(inquiry.body.readableBytesView))
        try demand(upstream?.objectValue != nil, "the upstream is sent what is no object")
        try demand(upstream?["cache"]?.objectValue == nil, "the upstream is sent our controls")
        try answerFromMemory(inquiry, head, body, proxy)
    }

    /// Puts an answer into the exact tier, where the request must find it unless it asks not to.
    private static func answerFromMemory(
        _ inquiry: ProxyResponder.Inquiry,
        _ head: HTTPRequest,
        _ body: ByteBuffer,
        _ proxy: ProxyResponder
    ) throws {
        guard case .tenant(let tenant) = proxy.live.current.tenants.identify(head.headerFields) else { return }
        var request = inquiry.cacheRequest
        request.scope.namespace = NamespaceID(tenant: tenant, name: request.scope.namespace.name)
        let state = proxy.cache.namespaces[request.scope.namespace]
        let key = proxy.cache.makeKey(of: request, in: state, state.settings)
        let entry = CacheEntry(
            id: EntryID(high: 1, low: 1),
            namespace: state.id,
            model: request.scope.model,
            reply: CachedReply(text: "An answer."),
            createdAt: proxy.clock.now
        )
        proxy.cache.keepInMemory(entry, key: key, unlessRemovedSince: 0)
        let answer = answer(to: head, body, proxy)
        if proxy.cache.bypassReason(of: request, state.settings) != nil || request.controls.noCache {
            try demand(answer == nil, "an answer for who wanted none from the cache")
        } else if let answer {
            try demand(answer.status == .ok, "a hit is no success")
            let text = String(decoding: answer.body.readableBytesView, as: UTF8.self)
            try demand(text.contains("answer."), "a hit without its answer")
        }
        proxy.cache.exact.remove(key.exact)
    }

    private static func answer(to head: HTTPRequest, _ body: ByteBuffer, _ proxy: ProxyResponder) -> WholeAnswer? {
        if case .answer(let answer) = proxy.answerAtOnce(head, body) { answer } else { nil }
    }

    private static func request(from bytes: [UInt8]) -> (HTTPRequest, ByteBuffer)? {
        var lines = bytes[...]
        func line() -> String? {
            guard let end = lines.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { lines = lines[(end + 1)...] }
            return String(decoding: lines[..<end], as: UTF8.self)
        }
        guard let path = line() else { return nil }
        var headers = HTTPFields()
        while let text = line(), !text.isEmpty {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { continue }
            headers.append(HTTPField(name: name, value: String(parts[1].drop { $0 == " " })))
        }
        let head = HTTPRequest(method: .post, scheme: "http", authority: "h", path: path, headerFields: headers)
        return (head, ByteBuffer(bytes: lines))
    }

    private static let proxies = ProxySource()

    /// Cutting members out of a JSON object leaves the others as they were.
    static let topLevelMembers = FuzzTarget(name: "top-level-members") { bytes in
        guard let body = (try? JSONValue(parsing: bytes))?.objectValue else { return }
        let cut = TopLevelMembers.removing(["cache", ""], from: bytes)
        var expected = body
        expected["cache"] = nil
        expected[""] = nil
        try demand((try? JSONValue(parsing: cut)) == .object(expected), "other members were changed")
    }
}

/// Gives a proxy with an empty cache, a new one every thousand inputs: each namespace that they name stays known to it.
private final class ProxySource: Sendable {
    private let state = Mutex<(proxy: ProxyResponder?, uses: Int)>((nil, 0))

    func next() throws -> ProxyResponder {
        try state.withLock { state in
            state.uses += 1
            if let proxy = state.proxy, state.uses % 1_000 != 0 { return proxy }
            let made = try Self.make()
            state.proxy = made
            return made
        }
    }

    private static func make() throws -> ProxyResponder {
        var configuration = ServerConfiguration(
            upstream: try BaseURL("http://127.0.0.1:1/v1"),
            callers: .init(tenantSecret: [UInt8](repeating: 7, count: 32))
        )
        configuration.logsAccess = false
        configuration.limits.maximumNamespacesPerTenant = .max
        let clock = SystemClock()
        let core = ServerCore(
            cache: try SemanticCache(embedder: nil, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }),
            live: LiveConfiguration(configuration),
            clock: clock,
            metrics: ServerMetrics(),
            recorder: LookupRecorder(clock: clock)
        )
        return ProxyResponder(core: core, upstream: UpstreamClient(), log: AccessLog(clock: clock) { _ in })
    }
}
