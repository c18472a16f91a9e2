internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SemanticCaching

extension ProxyResponder {
    /// The answer to a request, if the exact tier has it in memory; nil sends the request its usual way.
    ///
    /// It keeps the same books as ``respond(to:context:)`` and is no request at once: nothing waits while it runs, so it
    /// takes no place of those that wait for the upstream.
    ///
    /// - Complexity: O(*n*) for *n* bytes of the request.
    func answerAtOnce(_ head: HTTPRequest, _ body: ByteBuffer) -> WholeAnswer? {
        let request = Request(head: head, body: RequestBody(buffer: body))
        guard let api = WireAPI(path: request.uri.path),
            body.readableBytes <= configuration.limits.maximumBodyBytes,
            case .tenant(let tenant) = live.current.tenants.identify(request.headers)
        else { return nil }
        let record = RequestRecord(
            method: request.method.rawValue,
            path: request.uri.path,
            id: RequestRecord.makeID(request.headers)
        )
        // What is wrong with a request is told on its usual way.
        guard case .understood(let inquiry)? = try? read(body, of: request, api, tenant: tenant, record),
            canReplayWhole(inquiry.parsed)
        else { return nil }
        let start = ContinuousClock.now
        guard let result = cache.findInMemory(inquiry.cacheRequest), let reply = result.verdict.reply else {
            return nil
        }
        let disposition = note(result, of: inquiry, lookup: start.duration(to: .now))
        let answer = replayWhole(reply, inquiry, disposition)
        record.begin(status: Int(answer.status.code))
        complete(record)
        return answer
    }
}
