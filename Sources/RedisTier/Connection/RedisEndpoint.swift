/// Where a server listens.
package enum RedisEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A host and a port.
    case tcp(host: String, port: Int)
    /// A socket of this machine.
    case unix(path: String)

    /// Reads `host:port`, as clusters name their nodes; an empty host is the one that said so.
    package init?(node: some StringProtocol, saidBy other: RedisEndpoint) {
        // Redis 4 and later may add `@busport,hostname`.
        let address = node.prefix { $0 != "@" && $0 != "," }
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = String(address[..<colon])
        if host.isEmpty || host == "?" {
            guard case .tcp(let known, _) = other else { return nil }
            host = known
        }
        self = .tcp(host: host, port: port)
    }

    /// The address, for people.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }
}
