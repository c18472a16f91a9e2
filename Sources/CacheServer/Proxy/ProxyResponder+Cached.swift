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
        /// The key, if the exact tier was asked already.
        var key: RequestKey?
        let prompt = PromptRecord()
    }

    /// What a request's body turned out to be.
    enum Reading: Sendable {
        /// A request for an answer that may be cached.
        case understood(Inquiry)
        /// Another, which goes upstream with these bytes.
        case bypass(ByteBuffer, VerdictReason)
    }

    /// Answers a chat or a responses request.
    func answer(_ request: Request, _ api: WireAPI, tenant: String, _ record: RequestRecord) async throws -> Response {
        let body = try await collectBody(of: request, record)
        if let inquiry = readAhead(of: request, body, tenant: tenant, record) { return try await answer(inquiry) }
        switch try read(body, of: request, api, tenant: tenant, record) {
        case .understood(let inquiry): return try await answer(inquiry)
        case .bypass(let body, let reason):
            return try await forward(request, .bytes(body), Disposition(.bypass, reason: reason), record)
        }
    }

    /// Reads a request's body.
    ///
    /// - Throws: ``ErrorAnswer`` for controls that cannot be read.
    func read(
        _ buffer: ByteBuffer,
        of request: Request,
        _ api: WireAPI,
        tenant: String,
        _ record: RequestRecord
    ) throws -> Reading {
        guard buffer.readableBytes <= cache.configuration.maximumRequestBytes else { return .bypass(buffer, .tooLarge) }
        let bytes = Array(buffer.readableBytesView)
        guard let object = (try? JSONValue(parsing: bytes))?.objectValue,
            let parsed = ParsedRequest(object, api: api)
        else { return .bypass(buffer, .notUnderstood) }
        let controls = try readControls(request, parsed)
        let namespace = controls.namespace ?? configuration.defaultNamespace
        record.namespace = namespace
        let body =
            parsed.bodyControls == nil ? buffer : ByteBuffer(bytes: TopLevelMembers.removing(["cache"], from: bytes))
        guard quota.admitNamespace(namespace, of: tenant, configuration.limits) else { return .bypass(body, .quota) }
        let cacheRequest = CacheRequest(
            messages: parsed.messages,
            parameters: Self.parameters(parsed.parameters, with: request),
            scope: CacheScope(tenant: tenant, namespace: namespace, model: parsed.model),
            controls: controls.cache
        )
        if configuration.logsQuestions { record.question = cacheRequest.question }
        return .understood(
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
            if let value = request.headers.value(of: name) {
                parameters["semcache_" + name.canonicalName] = .string(value)
            }
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
        let result = await cache.find(inquiry.cacheRequest, key: inquiry.key)
        let disposition = note(result, of: inquiry, lookup: start.duration(to: .now))
        if let reply = result.verdict.reply, result.verdict.isServable {
            // It goes on with words that were found under others: it is to be known from here on.
            if result.verdict.tier == .semantic { await conversations.record(reply, after: inquiry.cacheRequest) }
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
            // Who wants variety gets no stored answer, but need not send all that was said either.
            if result.verdict.reason == .temperature, changesPrompt(of: inquiry) {
                return try await ask(inquiry, result, disposition, completesAbandoned: false)
            }
            cache.count(result.verdict, of: result)
            return try await forward(inquiry.request, .bytes(inquiry.body), disposition, inquiry.record)
        }
        // A caller who wants an answer made now must not get one that another was promised before.
        guard !inquiry.cacheRequest.controls.noCache else {
            return try await ask(
                inquiry,
                result,
                disposition,
                completesAbandoned: configuration.completesAbandonedAnswers
            )
        }
        // Another replica may be asking already: then its answer is this one's too.
        if !exchanges.isRunning(key), let other = await cache.waitForSharedTurn(inquiry.cacheRequest, after: result) {
            return replay(other, inquiry, result, disposition)
        }
        var late: CacheResponse?
        let place = exchanges.board(key, until: inquiry.record.departure) {
            // Another may have been given and stored the answer since this request looked: then nobody is asked.
            late = cache.landedMeanwhile(inquiry.cacheRequest, after: result)
            return late == nil ? makeExchange(inquiry) : nil
        }
        if let late {
            cache.endTurn(of: result)
            return replay(late, inquiry, result, disposition)
        }
        guard let (membership, isLeader) = place else { preconditionFailure("Without an answer there is an exchange.") }
        guard isLeader else { return try await follow(membership, inquiry, result, disposition) }
        run(membership.exchange, inquiry, result, key: key)
        return try await lead(membership, inquiry, result, disposition)
    }

    /// Sends what another request for the same was given.
    private func replay(
        _ other: CacheResponse,
        _ inquiry: Inquiry,
        _ result: LookupResult,
        _ disposition: Disposition
    ) -> Response {
        cache.count(other.verdict, of: result)
        var shared = Disposition(other.verdict)
        shared.lookup = disposition.lookup
        return replay(other.reply, inquiry, shared)
    }

    /// Keeps the books of a lookup, and has what it found stale fetched anew.
    func note(_ result: LookupResult, of inquiry: Inquiry, lookup: Duration) -> Disposition {
        metrics.observeLookup(lookup, verdict: result.verdict)
        recorder.record(result.verdict, inquiry.cacheRequest)
        if result.verdict.isServable {
            cache.count(result.verdict, of: result)
            cache.noteHit(lookup, of: result)
            if result.verdict.outcome == .stale, inquiry.cacheRequest.controls.allowsRefresh {
                refresh(inquiry, after: result)
            }
        }
        var disposition = Disposition(result.verdict)
        disposition.lookup = lookup
        return disposition
    }

    /// Asks upstream for one caller alone.
    private func ask(
        _ inquiry: Inquiry,
        _ result: LookupResult,
        _ disposition: Disposition,
        completesAbandoned: Bool
    ) async throws -> Response {
        let exchange = makeExchange(inquiry, completesAbandoned: completesAbandoned)
        guard let membership = Membership(joining: exchange, until: inquiry.record.departure) else {
            preconditionFailure("It is new.")
        }
        run(exchange, inquiry, result, key: nil)
        return try await lead(membership, inquiry, result, disposition)
    }

    /// Sends a cached answer in the form that the caller asked for.
    func replay(_ reply: CachedReply, _ inquiry: Inquiry, _ disposition: Disposition) -> Response {
        guard !canReplayWhole(inquiry.parsed) else { return replayWhole(reply, inquiry, disposition).response }
        var disposition = disposition
        noteTokens(of: inquiry, in: &disposition)
        inquiry.record.disposition = disposition
        inquiry.record.isStream = true
        let events = events(of: reply, for: inquiry)
        let pacing = configuration.replayPacing
        return Response(
            status: .ok,
            headers: HTTPFields(replayHeaders(inquiry.parsed, disposition, inquiry.record)),
            body: ResponseBody { writer in
                for event in events {
                    try await writer.write(ByteBuffer(bytes: event.serialized))
                    try await Task.sleep(for: pacing)
                }
                try await writer.finish(nil)
            }
        )
    }

    /// Whether a cached answer to such a request goes out in one piece.
    func canReplayWhole(_ parsed: ParsedRequest) -> Bool { !parsed.isStream || configuration.replayPacing <= .zero }

    /// A cached answer in the form that the caller asked for, in one piece.
    func replayWhole(_ reply: CachedReply, _ inquiry: Inquiry, _ disposition: Disposition) -> WholeAnswer {
        var disposition = disposition
        noteTokens(of: inquiry, in: &disposition)
        inquiry.record.disposition = disposition
        let parsed = inquiry.parsed
        let body: ByteBuffer
        if parsed.isStream {
            var bytes: [UInt8] = []
            for event in events(of: reply, for: inquiry) { event.write(into: &bytes) }
            body = ByteBuffer(bytes: bytes)
        } else {
            let json = ReplyCodec.json(of: reply, api: parsed.api, model: parsed.model) {
                estimate(reply, for: inquiry)
            }
            body = ByteBuffer(bytes: json)
        }
        return WholeAnswer(headers: replayHeaders(parsed, disposition, inquiry.record), body: body)
    }

    private func events(of reply: CachedReply, for inquiry: Inquiry) -> [ServerSentEvent] {
        let parsed = inquiry.parsed
        return ReplyCodec.events(of: reply, api: parsed.api, model: parsed.model, form: parsed.wireForm) {
            estimate(reply, for: inquiry)
        }
    }

    /// The tokens of an answer whose model did not tell them, about.
    private func estimate(_ reply: CachedReply, for inquiry: Inquiry) -> TokenUsage {
        let counter = conversations.counter
        return TokenUsage(
            promptTokens: counter.count(inquiry.cacheRequest.messages),
            completionTokens: counter.count(reply.text)
        )
    }

    private func replayHeaders(
        _ parsed: ParsedRequest,
        _ disposition: Disposition,
        _ record: RequestRecord
    ) -> [HTTPField] {
        var headers = disposition.fields(now: clock.now)
        headers.append(HTTPField(name: .requestID, value: record.id))
        if parsed.isStream { headers.append(HTTPField(name: .cacheControl, value: "no-cache")) }
        let type = parsed.isStream ? "text/event-stream; charset=utf-8" : "application/json"
        headers.append(HTTPField(name: .contentType, value: type))
        return headers
    }
}
