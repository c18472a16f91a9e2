internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

extension ProxyResponder {
    /// What is known of a cacheable request once it is read.
    struct Inquiry: Sendable {
        let request: Request
        let parsed: ParsedRequest
        let cacheRequest: CacheRequest
        let tenant: String
        /// The body for the upstream: the caller's bytes, without cache controls.
        let body: ByteBuffer
        let record: RequestRecord
        let prompt = PromptRecord()
    }

    /// Answers a chat or a responses request.
    func answer(_ request: Request, _ api: WireAPI, tenant: String, _ record: RequestRecord) async throws -> Response {
        let buffer = try await collectBody(of: request, record)
        let limit = cache.configuration.maximumRequestBytes
        guard buffer.readableBytes <= limit else {
            return try await forward(request, .bytes(buffer), Disposition(.bypass, reason: .tooLarge), record)
        }
        let bytes = Array(buffer.readableBytesView)
        guard let object = (try? JSONValue(parsing: bytes))?.objectValue,
            let parsed = ParsedRequest(object, api: api)
        else {
            return try await forward(request, .bytes(buffer), Disposition(.bypass, reason: .notUnderstood), record)
        }
        let controls = try readControls(request, parsed)
        let namespace = controls.namespace ?? configuration.defaultNamespace
        record.namespace = namespace
        let body =
            parsed.bodyControls == nil ? buffer : ByteBuffer(bytes: TopLevelMembers.removing(["cache"], from: bytes))
        guard quota.admitNamespace(namespace, of: tenant, configuration.limits) else {
            return try await forward(request, .bytes(body), Disposition(.bypass, reason: .quota), record)
        }
        let cacheRequest = CacheRequest(
            messages: parsed.messages,
            parameters: Self.parameters(parsed.parameters, with: request),
            scope: CacheScope(tenant: tenant, namespace: namespace, model: parsed.model),
            controls: controls.cache
        )
        return try await answer(
            Inquiry(
                request: request,
                parsed: parsed,
                cacheRequest: cacheRequest,
                tenant: tenant,
                body: body,
                record: record
            )
        )
    }

    /// The parameters, with what stands beside the body and may change the answer too: the query, and the headers by
    /// which OpenAI's clients choose among an account's projects and kinds of API.
    static func parameters(_ parameters: GenerationParameters, with request: Request) -> GenerationParameters {
        var parameters = parameters
        if let query = request.uri.query { parameters["semcache_query"] = .string(query) }
        for name in [
            HTTPField.Name.openAIOrganization, .openAIProject, .openAIBeta, .anthropicVersion, .anthropicBeta,
        ] {
            if let value = request.headers[name] { parameters["semcache_" + name.canonicalName] = .string(value) }
        }
        return parameters
    }

    private func readControls(_ request: Request, _ parsed: ParsedRequest) throws -> RequestControls {
        do {
            return try RequestControls(headers: request.headers, body: parsed.bodyControls)
        } catch {
            throw ErrorAnswer(.badRequest, code: "invalid_cache_control", error.message)
        }
    }

    private func answer(_ inquiry: Inquiry) async throws -> Response {
        let start = ContinuousClock.now
        let result = await cache.find(inquiry.cacheRequest)
        let lookup = start.duration(to: .now)
        metrics.observeLookup(lookup, verdict: result.verdict)
        recorder.record(result.verdict, inquiry.cacheRequest)
        var disposition = Disposition(result.verdict)
        disposition.lookup = lookup

        if let reply = result.verdict.reply, result.verdict.isServable {
            cache.count(result.verdict, of: result)
            cache.noteHit(lookup, of: result)
            if result.verdict.outcome == .stale { refresh(inquiry, after: result) }
            return replay(reply, inquiry, disposition)
        }
        guard !inquiry.cacheRequest.controls.onlyIfCached else {
            cache.count(result.verdict, of: result)
            var answer = ErrorAnswer.notCached
            disposition.write(to: &answer.headers, now: clock.now)
            inquiry.record.disposition = disposition
            throw answer
        }
        guard let key = result.flightKey, result.verdict.outcome != .bypass else {
            cache.count(result.verdict, of: result)
            return try await forward(inquiry.request, .bytes(inquiry.body), disposition, inquiry.record)
        }
        // A caller who wants an answer made now must not get one that another was promised before.
        guard !inquiry.cacheRequest.controls.noCache else {
            let exchange = makeExchange(inquiry)
            guard let membership = Membership(joining: exchange) else { preconditionFailure("It is new.") }
            run(exchange, inquiry, result, key: nil)
            return try await lead(membership, inquiry, result, disposition)
        }
        // Another replica may be asking already: then its answer is this one's too.
        if !exchanges.isRunning(key), let other = await cache.waitForSharedTurn(inquiry.cacheRequest, after: result) {
            cache.count(other.verdict, of: result)
            var shared = Disposition(other.verdict)
            shared.lookup = disposition.lookup
            return replay(other.reply, inquiry, shared)
        }
        let (membership, isLeader) = exchanges.board(key) { makeExchange(inquiry) }
        guard isLeader else { return try await follow(membership, inquiry, result, disposition) }
        run(membership.exchange, inquiry, result, key: key)
        return try await lead(membership, inquiry, result, disposition)
    }

    /// Sends a cached answer in the form that the caller asked for.
    func replay(_ reply: CachedReply, _ inquiry: Inquiry, _ disposition: Disposition) -> Response {
        inquiry.record.disposition = disposition
        var headers = HTTPFields()
        disposition.write(to: &headers, now: clock.now)
        let parsed = inquiry.parsed
        guard parsed.isStream else {
            let bytes = ReplyCodec.json(of: reply, api: parsed.api, model: parsed.model)
            return .bytes(bytes, type: "application/json", headers: headers)
        }
        let events = ReplyCodec.events(of: reply, api: parsed.api, model: parsed.model, form: parsed.wireForm)
        headers[.cacheControl] = "no-cache"
        let pacing = configuration.replayPacing
        guard pacing > .zero else {
            var bytes: [UInt8] = []
            for event in events { event.write(into: &bytes) }
            return .bytes(bytes, type: "text/event-stream; charset=utf-8", headers: headers)
        }
        headers[.contentType] = "text/event-stream; charset=utf-8"
        inquiry.record.isStream = true
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { writer in
                for event in events {
                    try await writer.write(ByteBuffer(bytes: event.serialized))
                    try await Task.sleep(for: pacing)
                }
                try await writer.finish(nil)
            }
        )
    }
}
