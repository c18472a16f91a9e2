/// Where the shared tier is and how to log in, as a URL.
///
///     try RedisURL("redis://bot:secret@cache.internal:6379/2?prefix=shop")
///     try RedisURL("rediss://bot:secret@cache.internal:6380?cacert=/etc/ssl/cache-ca.pem")
///     try RedisURL("unix:///run/redis/redis.sock?db=1")
///
/// `rediss` is TLS, with the server's certificate verified against the system's authorities or those of the file `cacert`;
/// `cert` and `key` are files of a certificate of our own, `sni` is the name that is expected instead of the host.
/// The password is never printed. A Cluster is recognised by asking the server: name any of its nodes.
public struct RedisURL: Hashable, Sendable {
    /// Where the server listens.
    package let endpoint: RedisEndpoint
    /// The user; nil for the default one.
    package let user: String?
    /// The password; nil for none.
    package let password: String?
    /// The number of the database.
    package let database: Int
    /// What stands before every key.
    package let prefix: String
    /// How the connection is secured; nil for one in the clear.
    package let tls: TLSOptions?

    /// Reads a URL.
    ///
    /// - Throws: ``RedisError/invalidURL(_:)``, without the password in its text.
    public init(_ text: String) throws(RedisError) { try self.init(text, tlsLibrary: TLSLibrary.shared) }

    init(_ text: String, tlsLibrary: @autoclosure () -> TLSLibrary?) throws(RedisError) {
        guard let mark = text.firstRange(of: "://") else {
            throw .invalidURL("it has no scheme, as in redis://host:6379")
        }
        let rest = text[mark.upperBound...]
        let question = rest.firstIndex(of: "?")
        let query = try Self.query(question.map { rest[rest.index(after: $0)...] } ?? "")
        prefix = query["prefix"] ?? "semcache"
        guard !prefix.isEmpty, prefix.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !prefix.contains(where: "{}*?[]\\".contains)
        else { throw .invalidURL("the prefix must be visible ASCII without any of {}*?[]\\") }
        let body = rest[..<(question ?? rest.endIndex)]
        let scheme = text[..<mark.lowerBound].lowercased()
        tls = try Self.tls(query, isAsked: scheme == "rediss" || scheme == "valkeys")
        switch scheme {
        case "redis", "valkey", "rediss", "valkeys":
            // Said at the start, and not with the first connection.
            guard tls == nil || tlsLibrary() != nil else { throw .invalidURL(TLSLibrary.absence) }
            let slash = body.firstIndex(of: "/")
            let path = slash.map { body[body.index(after: $0)...] } ?? ""
            (user, password, endpoint) = try Self.authority(body[..<(slash ?? body.endIndex)])
            database = try Self.database(path.isEmpty ? query["db"] : String(path))
        case "unix", "redis+unix":
            let slash = body.firstIndex(of: "/") ?? body.endIndex
            let path = try Self.decoded(body[slash...])
            guard path.utf8.count > 1 else { throw .invalidURL("it names no socket, as in unix:///run/redis.sock") }
            guard path.utf8.count < 108 else { throw .invalidURL("the path of a socket must have less than 108 bytes") }
            endpoint = .unix(path: path)
            (user, password) = try Self.login(slash == body.startIndex ? "" : body[..<slash])
            database = try Self.database(query["db"])
        default: throw .invalidURL("its scheme must be redis, rediss or unix")
        }
    }

    private static func tls(_ query: [String: String], isAsked: Bool) throws(RedisError) -> TLSOptions? {
        guard isAsked else {
            guard let name = tlsNames.first(where: { query[$0] != nil }) else { return nil }
            throw .invalidURL("\(name) is for rediss:// alone")
        }
        var options = TLSOptions()
        options.authorities = query["cacert"]
        options.certificate = query["cert"]
        options.key = query["key"]
        options.serverName = query["sni"]
        guard options.key == nil || options.certificate != nil else { throw .invalidURL("key needs cert beside it") }
        return options
    }

    /// What a URL may say of TLS, in the words of redis-cli.
    private static let tlsNames = ["cacert", "cert", "key", "sni"]

    private static func authority(
        _ text: Substring
    ) throws(RedisError) -> (user: String?, password: String?, endpoint: RedisEndpoint) {
        let at = text.lastIndex(of: "@")
        let (user, password) = try login(at.map { text[...$0] } ?? "")
        let address = at.map { text[text.index(after: $0)...] } ?? text
        var host = String(address)
        var port = 6379
        if let close = address.lastIndex(of: "]"), address.first == "[" {
            host = String(address[address.index(after: address.startIndex)..<close])
            let behind = address[address.index(after: close)...]
            if !behind.isEmpty { port = try number(behind.dropFirst(), in: 1...65_535, "port") }
        } else if let colon = address.lastIndex(of: ":") {
            host = String(address[..<colon])
            port = try number(address[address.index(after: colon)...], in: 1...65_535, "port")
        }
        return (user, password, .tcp(host: host.isEmpty ? "127.0.0.1" : host, port: port))
    }

    /// Reads `user:password@`; each part may be missing.
    private static func login(_ text: Substring) throws(RedisError) -> (user: String?, password: String?) {
        guard !text.isEmpty else { return (nil, nil) }
        let both = text.last == "@" ? text.dropLast() : text
        guard let colon = both.firstIndex(of: ":") else {
            throw .invalidURL("what stands before @ must be user:password or :password")
        }
        let user = try decoded(both[..<colon])
        let password = try decoded(both[both.index(after: colon)...])
        return (user.isEmpty ? nil : user, password.isEmpty ? nil : password)
    }

    private static func query(_ text: Substring) throws(RedisError) -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            let name = String(pair[..<equals])
            guard name == "db" || name == "prefix" || tlsNames.contains(name) else {
                throw .invalidURL("it knows db, prefix, \(tlsNames.joined(separator: ", ")), not \(name)")
            }
            values[name] = try decoded(pair[equals...].dropFirst())
        }
        return values
    }

    private static func database(_ text: String?) throws(RedisError) -> Int {
        guard let text, !text.isEmpty else { return 0 }
        return try number(text[...], in: 0...65_535, "database")
    }

    private static func number(
        _ text: Substring,
        in range: ClosedRange<Int>,
        _ what: String
    ) throws(RedisError) -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw .invalidURL("the \(what) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func decoded(_ text: Substring) throws(RedisError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                throw .invalidURL("a % must stand before two hexadecimal digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .invalidURL("it is no UTF-8") }
        return decoded
    }
}

extension RedisURL: CustomStringConvertible {
    /// Where the server is, without user and password.
    public var description: String { "\(endpoint)" + (database == 0 ? "" : "/\(database)") }
}
