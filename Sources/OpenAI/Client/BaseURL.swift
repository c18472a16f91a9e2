/// The address before the paths of an OpenAI-compatible API, for example `https://api.openai.com/v1`.
public struct BaseURL: Hashable, Sendable {
    /// The address without a slash at its end.
    public let text: String

    /// Checks an address.
    ///
    /// - Throws: ``OpenAIClientError/invalidBaseURL(_:)`` unless it is an absolute `http` or `https` URL without user
    ///   name, query or fragment.
    public init(_ text: String) throws(OpenAIClientError) {
        let lowercased = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowercased.hasPrefix) else {
            throw .invalidBaseURL("it must begin with http:// or https://")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw .invalidBaseURL("it has a character that a URL must not have")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.hasPrefix(":") else {
            throw .invalidBaseURL("it names no host")
        }
        guard !authority.contains("@") else {
            throw .invalidBaseURL("it must carry no user name or password; give the key apart")
        }
        guard !rest.contains("?"), !rest.contains("#") else {
            throw .invalidBaseURL("it must have no query and no fragment")
        }
        var trimmed = Substring(text)
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.text = String(trimmed)
    }

    /// The address of a path, which begins with a slash.
    package func appending(_ path: String) -> String { text + path }
}
