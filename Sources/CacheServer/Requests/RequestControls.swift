internal import HTTPTypes
internal import SemanticCaching
internal import StrictJSON

/// What a caller asks of the cache, by headers or by LiteLLM's body field.
struct RequestControls: Hashable, Sendable {
    /// The controls as the engine takes them.
    var cache = CacheControls()
    /// The namespace, if the caller names one.
    var namespace: String?

    /// Reads all controls of a request; headers win over the body.
    ///
    /// Unknown directives of `Cache-Control` mean nothing, as the standard says; a value of our own headers that
    /// cannot be read is the caller's mistake, and telling is better than guessing.
    init(headers: HTTPFields, body: JSONObject?) throws(ControlFault) {
        if let body { try read(body) }
        if headers.contains(.cacheControl) {
            for value in headers[values: .cacheControl] { readCacheControl(value) }
        }
        try readOwnHeaders(headers)
    }

    private mutating func read(_ body: JSONObject) throws(ControlFault) {
        cache.noCache = body["no-cache"]?.boolValue ?? body["no_cache"]?.boolValue ?? false
        cache.noStore = body["no-store"]?.boolValue ?? body["no_store"]?.boolValue ?? false
        if let ttl = body["ttl"], !ttl.isNull {
            cache.timeToLive = try Self.seconds(ttl.numberValue?.text, name: "cache.ttl")
        }
        if let age = body["s-maxage"] ?? body["s_maxage"], !age.isNull {
            cache.maximumAge = try Self.seconds(age.numberValue?.text, name: "cache.s-maxage")
        }
        if let name = body["namespace"]?.stringValue { namespace = try Self.namespace(name, name: "cache.namespace") }
    }

    private mutating func readCacheControl(_ text: String) {
        for directive in text.split(separator: ",") {
            let parts = directive.split(separator: "=", maxSplits: 1).map { Self.trimmed($0).lowercased() }
            let argument = parts.count > 1 ? Int(parts[1].filter { $0 != "\"" }).map { max(0, $0) } : nil
            switch parts.first {
            case "no-cache": cache.noCache = true
            case "no-store": cache.noStore = true
            case "only-if-cached": cache.onlyIfCached = true
            // A max-age that cannot be read counts as 0: the caller wants something fresh (RFC 9111, section 4.2.1).
            case "max-age": cache.maximumAge = .seconds(argument ?? 0)
            case "max-stale": cache.maximumStaleness = argument.map { .seconds($0) } ?? .seconds(Int32.max)
            default: break
            }
        }
        if cache.maximumAge == .zero { cache.noCache = true }
    }

    private mutating func readOwnHeaders(_ headers: HTTPFields) throws(ControlFault) {
        if let name = headers.value(of: .semcacheNamespace) {
            namespace = try Self.namespace(name, name: "x-semcache-namespace")
        }
        if let ttl = headers.value(of: .semcacheTTL) {
            cache.timeToLive = try Self.seconds(ttl, name: "x-semcache-ttl")
        }
        if let tags = headers.value(of: .semcacheTags) {
            cache.tags = tags.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
            guard cache.tags.count <= 64, cache.tags.allSatisfy({ $0.utf8.count <= 256 }) else {
                throw ControlFault(name: "x-semcache-tags", expectation: "at most 64 tags of at most 256 bytes")
            }
        }
        if let threshold = headers.value(of: .semcacheThreshold) {
            guard let value = Float(threshold), (0...1).contains(value) else {
                throw ControlFault(name: "x-semcache-threshold", expectation: "a number from 0 to 1")
            }
            cache.threshold = value
        }
        if let mode = headers.value(of: .semcacheMode) {
            guard let value = CacheControls.Mode(rawValue: mode.lowercased()) else {
                throw ControlFault(name: "x-semcache-mode", expectation: "exact, semantic or off")
            }
            cache.mode = value
        }
    }

    private static func seconds(_ text: String?, name: String) throws(ControlFault) -> Duration {
        guard let value = text.flatMap({ Double($0) }), value > 0, value <= 1e9 else {
            throw ControlFault(name: name, expectation: "a number of seconds above 0")
        }
        return .seconds(value)
    }

    private static func namespace(_ text: String, name: String) throws(ControlFault) -> String {
        let isName =
            (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "/"):
                    true
                default: false
                }
            }
        guard isName else {
            throw ControlFault(name: name, expectation: "1 to 128 letters, digits, '-', '_', '.' or '/'")
        }
        return text
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(start[...end])
    }
}
