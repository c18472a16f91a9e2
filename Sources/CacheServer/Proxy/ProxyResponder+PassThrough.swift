internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OpenAI
internal import SemanticCaching

extension ProxyResponder {
    /// Forwards a request that is no business of the cache, and relays its answer, streaming both ways.
    ///
    /// - Throws: ``ErrorAnswer`` for one that the configuration does not let pass.
    func passThrough(_ request: Request, _ record: RequestRecord) async throws -> Response {
        let rule = live.current.passThrough
        guard rule.allows(request.method, request.uri.path) else { throw ErrorAnswer.notPassed(rule.choice) }
        let length = request.headers[.contentLength].flatMap { Int64($0) }
        let hasBody = request.headers[.transferEncoding] != nil || (length ?? 0) > 0
        let body: UpstreamClient.Request.Body = hasBody ? .stream(request.body, length: length) : .none
        return try await forward(
            request,
            body,
            Disposition(.bypass, reason: .notCacheable),
            readsAnswer: false,
            record
        )
    }

    /// Forwards a request and relays its answer without a look at it, as long as the caller is there.
    ///
    /// Nobody else wants the answer: when he goes, the upstream need not make the rest of it.
    func forward(
        _ request: Request,
        _ body: UpstreamClient.Request.Body,
        _ disposition: Disposition,
        readsAnswer: Bool = false,
        _ record: RequestRecord
    ) async throws -> Response {
        let outgoing = UpstreamClient.Request(
            method: request.method.rawValue,
            url: upstreamURL(of: request),
            headers: upstreamHeaders(of: request, readsAnswer: readsAnswer),
            body: body
        )
        let exchange = LiveExchange(
            form: WireForm(isStream: true, includesUsage: false),
            completesAbandoned: false,
            maximumBytes: Self.relayWindow
        )
        guard let membership = Membership(joining: exchange, until: record.departure) else {
            preconditionFailure("It is new.")
        }
        exchange.start { [self] exchange in
            do {
                try await fetch(outgoing, into: exchange) { _ in }
                exchange.end(reply: nil)
            } catch {
                exchange.fail(error)
            }
        }
        let answer = try await membership.head()
        record.disposition = disposition
        var headers = ForwardedHeaders.response(answer.headers, isShared: false)
        disposition.write(to: &headers, now: clock.now)
        let status = HTTPResponse.Status(code: answer.status)
        let length = answer.header("content-length").flatMap { Int($0) }
        if request.method == .head || answer.status == 204 || answer.status == 304 {
            if let length { headers[.contentLength] = String(length) }
            return Response(status: status, headers: headers)
        }
        record.isStream = true
        return Response(
            status: status,
            headers: headers,
            body: Self.body(following: membership, contentLength: length)
        )
    }

    /// So many bytes of a relayed answer wait for a caller who reads slowly; then the upstream waits.
    private static let relayWindow = 256 << 10
}

extension VerdictReason {
    /// The server itself refused the request, or the upstream gave no answer.
    static let refused = VerdictReason(rawValue: "refused")
    /// The request is of a kind that is not cached.
    static let notCacheable = VerdictReason(rawValue: "not-cacheable")
    /// The request is not one that the cache understands.
    static let notUnderstood = VerdictReason(rawValue: "not-understood")
    /// The tenant has used what it may.
    static let quota = VerdictReason(rawValue: "quota")
}
