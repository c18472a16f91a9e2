/// Why a command has no reply that can be used.
public enum RedisError: Error, Hashable, Sendable {
    /// The URL cannot be used.
    case invalidURL(String)
    /// There is no connection; the text says why.
    case unavailable(String)
    /// The reply did not come in time; whether the command was carried out is not known.
    case timeout
    /// The server refused the command, in its own words.
    case server(String)
    /// The reply is not what the command gives.
    case unexpectedReply(String)

    /// Whether the server could not be reached or is not able to work now: what the circuit breaker counts.
    var isOutage: Bool {
        switch self {
        case .unavailable, .timeout: true
        case .server(let text): ServerFault(text)?.isOutage ?? false
        case .invalidURL, .unexpectedReply: false
        }
    }
}

extension RedisError {
    /// What stands behind "Redis is not available".
    package var reason: String { if case .unavailable(let reason) = self { reason } else { description } }

    /// What a person can do about it, as part of a sentence; nil if the error says that itself.
    package func advice(for url: RedisURL) -> String? {
        let words = reason
        if words.contains("reset by peer") || words.contains("closed the connection"), url.tls == nil {
            return "if the server needs TLS, the URL begins with rediss://"
        }
        if self == .timeout || words.contains("in time"), url.tls != nil {
            return "if the server speaks no TLS, the URL begins with redis://"
        }
        return Self.advice.first { words.contains($0.sign) }?.text
    }

    private static let advice: [(sign: String, text: String)] = [
        ("NOAUTH", "give the password in the URL: redis://USER:PASSWORD@HOST or redis://:PASSWORD@HOST"),
        ("WRONGPASS", "correct the user or the password in the URL"),
        ("invalid password", "correct the password in the URL"),
        ("NOPERM", "give the account the rights that docs/SCALING.md lists"),
        ("DB index", "name a database that the server has"),
        ("Connection refused", "start the server, or name another with --redis"),
        ("No such file", "start the server, or name another with --redis"),
        ("not known", "correct the host in the URL"),
        ("name resolution", "correct the host in the URL"),
        ("certificate is refused", "name the file of the authority that signed it: ?cacert=FILE"),
        ("no Redis protocol", "something else listens there: correct the host or the port in the URL"),
        ("in time", "see whether the server is overloaded, or the host and the port in the URL are wrong"),
    ]
}

extension RedisError: CustomStringConvertible {
    /// One line for a person.
    public var description: String {
        switch self {
        case .invalidURL(let reason): "the Redis URL cannot be used: \(reason)"
        case .unavailable(let reason): "Redis is not available: \(reason)"
        case .timeout: "Redis did not answer in time"
        case .server(let text): "Redis refused the command: \(text)"
        case .unexpectedReply(let what): "Redis gave an unexpected reply to \(what)"
        }
    }
}

/// The errors of the server that ask for more than giving up this command.
enum ServerFault: Hashable, Sendable {
    /// The slot lives on another node now: `MOVED slot host:port`.
    case moved(slot: Int, node: String)
    /// The slot is on its way; only this command goes to the other node: `ASK slot host:port`.
    case ask(slot: Int, node: String)
    /// The cluster does not serve the slot now, or the keys are on their way: a little later it may.
    case clusterDown
    /// The data set is being read from disk.
    case loading
    /// This node is a replica now.
    case readOnly
    /// The memory is full.
    case outOfMemory
    /// The script is not known to the server (any more).
    case noScript
    /// A key holds a value of another kind than ours.
    case wrongType
    /// Name or password are missing or wrong, or the user may not do this.
    case forbidden
    /// The server runs a long script, or its writes fail, or its primary is out of sight.
    case busy

    /// Reads an error by its first word; nil for those that concern the command alone.
    init?(_ text: String) {
        let text = Self.cause(of: text)
        let words = text.split(separator: " ", maxSplits: 3)
        switch words.first {
        case "MOVED", "ASK":
            guard words.count >= 3, let slot = Int(words[1]), (0..<HashSlot.count).contains(slot) else { return nil }
            let node = String(words[2])
            self = words[0] == "MOVED" ? .moved(slot: slot, node: node) : .ask(slot: slot, node: node)
        case "CLUSTERDOWN", "TRYAGAIN": self = .clusterDown
        case "LOADING": self = .loading
        case "READONLY": self = .readOnly
        case "OOM": self = .outOfMemory
        case "NOSCRIPT": self = .noScript
        case "WRONGTYPE": self = .wrongType
        case "NOAUTH", "NOPERM", "WRONGPASS": self = .forbidden
        case "BUSY", "MISCONF", "MASTERDOWN", "NOREPLICAS", "UNBLOCKED": self = .busy
        default: return nil
        }
    }

    /// What went wrong in a script, which Redis 6 wraps: `ERR Error running script (call to f_…): @user_script:9:
    /// @user_script: 9: -READONLY You can't …`.
    private static func cause(of text: String) -> String {
        guard text.hasPrefix("ERR Error running script") else { return text }
        let parts = text.split(separator: ": ").map { $0.drop { $0 == "-" || $0 == " " } }
        let start = parts.dropFirst().firstIndex { part in
            let word = part.prefix { $0 != " " }
            return word.utf8.count > 1 && word.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        }
        return start.map { String(parts[$0]) } ?? text
    }

    var isOutage: Bool {
        switch self {
        case .clusterDown, .loading, .readOnly, .forbidden, .busy: true
        case .moved, .ask, .outOfMemory, .noScript, .wrongType: false
        }
    }
}
