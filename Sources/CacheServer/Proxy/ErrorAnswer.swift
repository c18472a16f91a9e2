internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

/// An error of the server itself, in the shape that every OpenAI client understands, or Anthropic's where those call.
struct ErrorAnswer: Error {
    let status: HTTPResponse.Status
    let body: OpenAIErrorBody
    var headers = HTTPFields()
    /// The limit that it comes from, for the count of what was shed; nil for other mistakes.
    let shedCause: ShedCause?

    init(
        _ status: HTTPResponse.Status,
        type: String = "invalid_request_error",
        code: String,
        shedCause: ShedCause? = nil,
        _ message: String
    ) {
        self.status = status
        self.shedCause = shedCause
        body = OpenAIErrorBody(message: message, type: type, code: code)
    }

    /// The answer to send.
    var response: Response { .json(body.json, status: status, headers: headers) }

    /// The answer to send to who called a path: in the shape of the API that it belongs to.
    func response(to path: String) -> Response {
        guard path == "/v1/messages" || path.hasPrefix("/v1/messages/") else { return response }
        let error: JSONValue = ["type": .string(anthropicType), "message": .string(body.message)]
        return .json(["type": "error", "error": error], status: status, headers: headers)
    }

    /// The word of Anthropic's API for the error.
    private var anthropicType: String {
        switch status.code {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 408, 504: "timeout_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }

    static let unauthorized = ErrorAnswer(
        .unauthorized,
        code: "invalid_api_key",
        shedCause: .key,
        "The API key is missing or not accepted here."
    )
    static let bodyTooSlow = ErrorAnswer(
        .requestTimeout,
        code: "request_timeout",
        shedCause: .bodyTime,
        "The request's body did not arrive in time."
    )
    static let notCached = ErrorAnswer(
        .gatewayTimeout,
        type: "cache_error",
        code: "not_cached",
        "No cached answer, and the request wants no other (only-if-cached)."
    )

    static func notPassed(_ choice: ServerConfiguration.PassThrough) -> ErrorAnswer {
        ErrorAnswer(
            .forbidden,
            type: "permission_error",
            code: "not_served",
            "This request is not passed on here (pass_through: \(choice.rawValue))."
        )
    }

    static func bodyTooLarge(limit: Int) -> ErrorAnswer {
        ErrorAnswer(
            .contentTooLarge,
            code: "request_too_large",
            shedCause: .bodySize,
            "The request's body is larger than \(limit) bytes."
        )
    }

    static var overloaded: ErrorAnswer {
        var answer = ErrorAnswer(
            .tooManyRequests,
            type: "rate_limit_error",
            code: "overloaded",
            shedCause: .concurrency,
            "Too many requests at once; try again in a second."
        )
        answer.headers[.retryAfter] = "1"
        return answer
    }

    /// The answer when the upstream gave none.
    static func upstream(_ error: any Error) -> ErrorAnswer {
        let reason = (error as? OpenAIClientError)?.description ?? "the exchange failed"
        return ErrorAnswer(
            .badGateway,
            type: "upstream_error",
            code: "upstream_unreachable",
            "The upstream gave no answer: \(reason)."
        )
    }
}

extension Response {
    /// An answer of JSON.
    static func json(
        _ json: JSONValue,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = HTTPFields()
    ) -> Response {
        .bytes(json.serialized(), type: "application/json", status: status, headers: headers)
    }

    /// An answer of bytes.
    static func bytes(
        _ bytes: [UInt8],
        type: String,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = HTTPFields()
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
