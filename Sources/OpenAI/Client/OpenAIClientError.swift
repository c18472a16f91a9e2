/// Why a call to an OpenAI-compatible server gave no answer.
///
/// No case carries a key, a prompt or the server's own words, which may quote either.
public enum OpenAIClientError: Error, Hashable, Sendable {
    /// The server answered with an error; `type` and `code` are the names in its body, if it has such.
    case status(Int, type: String?, code: String?, retryAfter: Duration?)
    /// No answer came: refused, reset, not resolved, cut off. The text names the kind.
    case transport(String)
    /// The deadline passed.
    case timedOut
    /// The server failed too often of late and is left alone for this long.
    case circuitOpen(retryAfter: Duration)
    /// The answer is larger than allowed.
    case responseTooLarge(limit: Int)
    /// The answer is not what the protocol promises.
    case invalidResponse(String)
    /// The base URL cannot be used; the text says why.
    case invalidBaseURL(String)
}

extension OpenAIClientError {
    /// Whether the same request may succeed a little later.
    public var isRetryable: Bool {
        switch self {
        // A spent quota also answers 429, and no wait of ours refills it.
        case .status(429, _, let code, _): code != "insufficient_quota"
        case .status(let status, _, _, _): status == 408 || status == 409 || status >= 500
        case .transport: true
        case .timedOut, .circuitOpen, .responseTooLarge, .invalidResponse, .invalidBaseURL: false
        }
    }

    /// Whether the request's own content is at fault and the server is well.
    public var isCausedByInput: Bool {
        if case .status(let status, _, _, _) = self {
            [400, 413, 414, 422].contains(status)
        } else {
            false
        }
    }

    /// The wait that the server asked for.
    public var retryAfter: Duration? {
        switch self {
        case .status(_, _, _, let wait): wait
        case .circuitOpen(let wait): wait
        default: nil
        }
    }
}

extension OpenAIClientError: CustomStringConvertible {
    /// One line that says what to do.
    public var description: String {
        switch self {
        case .status(let status, let type, let code, _):
            let names = [type, code].compactMap { $0 }.joined(separator: ", ")
            return "the server answered HTTP \(status)" + (names.isEmpty ? "" : " (\(names))")
                + Self.advice(status)
        case .transport(let kind): return "the server could not be reached: \(kind)"
        case .timedOut: return "the server did not answer within the deadline"
        case .circuitOpen(let wait):
            return
                "the server failed too often and is tried again in \(max(1, wait.components.seconds)) s"
        case .responseTooLarge(let limit): return "the server's answer is larger than \(limit) bytes"
        case .invalidResponse(let reason): return "the server's answer is not valid: \(reason)"
        case .invalidBaseURL(let reason): return "the base URL cannot be used: \(reason)"
        }
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 401, 403: "; check the API key"
        case 404: "; check the base URL and the model's name"
        case 429: "; it limits the rate or the quota is spent"
        default: ""
        }
    }
}
