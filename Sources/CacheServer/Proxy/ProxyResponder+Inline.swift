internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SemanticCaching

/// What was read of a request where its bytes came in, so that it is not read again on its usual way.
struct ReadAhead: Sendable {
    let parsed: ParsedRequest
    let cacheRequest: CacheRequest
    let tenant: String
    /// The body as the caller sent it, and as the upstream gets it.
    let body: (given: ByteBuffer, upstream: ByteBuffer)
    let key: RequestKey?
    /// The configuration that it was read under.
    let version: LiveConfiguration.Version
}

extension ProxyResponder {
    /// The answer to a request, if the exact tier has it in memory; else the request goes its usual way.
    ///
    /// It keeps the same books as ``respond(to:context:)`` and is no request at once: nothing waits while it runs, so it
    /// takes no place of those that wait for the upstream.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the request.
    func answerAtOnce(_ head: HTTPRequest, _ body: ByteBuffer) -> InlineHits.Finding {
        let request = Request(head: head, body: RequestBody(buffer: body))
        let version = live.current
        guard let api = WireAPI(path: request.uri.path),
            body.readableBytes <= version.configuration.limits.maximumBodyBytes,
            case .tenant(let tenant) = version.tenants.identify(request.headers)
        else { return .nothing(nil) }
        let record = RequestRecord(
            method: request.method.rawValue,
            path: request.uri.path,
            headers: request.headers
        )
        // What is wrong with a request is told on its usual way.
        guard case .understood(let inquiry)? = try? read(body, of: request, api, tenant: tenant, record),
            canReplayWhole(inquiry.parsed)
        else { return .nothing(nil) }
        let start = ContinuousClock.now
        let result = cache.findInMemory(inquiry.cacheRequest)
        guard result.verdict.isServable, let reply = result.verdict.reply else {
            return .nothing(
                ReadAhead(
                    parsed: inquiry.parsed,
                    cacheRequest: inquiry.cacheRequest,
                    tenant: tenant,
                    body: (body, inquiry.body),
                    key: result.key,
                    version: version
                )
            )
        }
        let disposition = note(result, of: inquiry, lookup: start.duration(to: .now))
        let answer = replayWhole(reply, inquiry, disposition)
        record.begin(status: Int(answer.status.code))
        complete(record)
        return .answer(answer)
    }

    /// What ``answerAtOnce(_:_:)`` read of this very request, under the configuration of now; nil if it did not.
    func readAhead(of request: Request, _ body: ByteBuffer, tenant: String, _ record: RequestRecord) -> Inquiry? {
        guard let channel = record.channel, channel.eventLoop.inEventLoop,
            let handler = try? channel.pipeline.syncOperations.handler(type: InlineHits.self),
            let known = handler.takeReadAhead(), known.version === live.current, known.tenant == tenant,
            known.body.given == body, WireAPI(path: request.uri.path) == known.parsed.api
        else { return nil }
        record.namespace = known.cacheRequest.scope.namespace.name
        if configuration.logsQuestions { record.question = known.cacheRequest.question }
        return Inquiry(
            request: request,
            parsed: known.parsed,
            cacheRequest: known.cacheRequest,
            tenant: tenant,
            body: known.body.upstream,
            record: record,
            key: known.key
        )
    }
}
