internal import HTTPTypes
internal import OpenAI

/// Which fields of a message pass a proxy (RFC 9110, section 7.6.1).
enum ForwardedHeaders {
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// The fields of a caller's request for the upstream.
    ///
    /// - Parameters:
    ///   - upstreamKey: The server's own key, which takes the place of the caller's.
    ///   - readsAnswer: Whether the answer is to be read here: it must then come uncompressed.
    ///   - keepsAccount: Whether the account and the project are those of the server's key, whatever the caller says.
    static func request(
        _ fields: HTTPFields,
        upstreamKey: APIKey?,
        readsAnswer: Bool,
        keepsAccount: Bool
    ) -> [(name: String, value: String)] {
        let connection = connectionOptions(fields[values: .connection])
        var headers: [(name: String, value: String)] = []
        for field in fields {
            let name = field.name.canonicalName
            if hopByHop.contains(name) || connection.contains(name) || name.hasPrefix("x-semcache") { continue }
            if name == "content-length" || name == "host" || name == "expect" { continue }
            if readsAnswer && name == "accept-encoding" { continue }
            if upstreamKey != nil && keepsAccount && ["openai-organization", "openai-project"].contains(name) {
                continue
            }
            if upstreamKey != nil && HTTPField.Name.keys.contains(field.name) { continue }
            headers.append((name: field.name.rawName, value: field.value))
        }
        if readsAnswer { headers.append((name: "accept-encoding", value: "identity")) }
        if let upstreamKey {
            // The key goes the way in which the caller's came: Anthropic's API has its own.
            let isAnthropic = fields[.anthropicKey] != nil
            let value = isAnthropic ? upstreamKey.secret : "Bearer " + upstreamKey.secret
            headers.append((name: isAnthropic ? "x-api-key" : "authorization", value: value))
        }
        return headers
    }

    /// The fields of the upstream's answer for the caller.
    ///
    /// - Parameter isShared: Whether the caller takes part in another caller's exchange: then only what describes the
    ///   content is his, and no cookie, request id or rate limit.
    static func response(_ headers: [(name: String, value: String)], isShared: Bool) -> HTTPFields {
        let connection = connectionOptions(
            headers.filter { $0.name.lowercased() == "connection" }.map(\.value)
        )
        var fields = HTTPFields()
        for header in headers {
            let lowercased = header.name.lowercased()
            if hopByHop.contains(lowercased) || connection.contains(lowercased) { continue }
            // The length is set anew where it is known; a stream is chunked on each leg by itself.
            if lowercased == "content-length" || lowercased == "date" || lowercased == "server" { continue }
            if isShared && !["content-type", "content-encoding", "retry-after"].contains(lowercased) { continue }
            guard let name = HTTPField.Name(header.name), HTTPField.isValidValue(header.value) else { continue }
            fields.append(HTTPField(name: name, value: header.value))
        }
        return fields
    }

    private static func connectionOptions(_ values: [String]) -> Set<String> {
        Set(
            values.flatMap { $0.split(separator: ",") }
                .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        )
    }
}
