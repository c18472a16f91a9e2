public import FoundationEssentials

/// A secret that no log, error or dump shows.
///
///     let key = APIKey(environmentVariable: "OPENAI_API_KEY")
///     print(key)   // [redacted]
///
/// Only the request's `Authorization` header sees the value.
public struct APIKey: Sendable {
    /// The value as it goes into a header; never to be printed.
    package let secret: String

    /// Wraps a secret; white space around it is cut off, as a key read from a file ends in a line break.
    ///
    /// Nil when nothing is left, or a character is left that a header must not carry.
    public init?(_ secret: String) {
        let trimmed = secret.drop(while: \.isWhitespace)
        let end = trimmed.lastIndex { !$0.isWhitespace }
        guard let end else { return nil }
        let value = String(trimmed[...end])
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.secret = value
    }

    /// Reads the secret from the environment; nil when the variable is missing or empty.
    public init?(
        environmentVariable name: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        guard let value = environment[name] else { return nil }
        self.init(value)
    }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text in the place of the secret.
    public var description: String { "[redacted]" }

    /// A fixed text in the place of the secret.
    public var debugDescription: String { description }

    /// A mirror without children, so that `dump` shows no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
