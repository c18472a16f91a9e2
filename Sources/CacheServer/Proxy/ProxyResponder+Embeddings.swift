internal import Embeddings
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

extension ProxyResponder {
    /// Answers a request for embeddings: known inputs from the cache, the others from the upstream in one request.
    func embed(_ request: Request, tenant: String, _ record: RequestRecord) async throws -> Response {
        let buffer = try await collectBody(of: request, record)
        let bytes = Array(buffer.readableBytesView)
        guard bytes.count <= cache.configuration.maximumRequestBytes,
            let object = (try? JSONValue(parsing: bytes))?.objectValue, let inquiry = EmbeddingsInquiry(object)
        else {
            return try await forward(request, .bytes(buffer), Disposition(.bypass, reason: .notUnderstood), record)
        }
        let bodyControls = object["cache"]?.objectValue
        let controls: RequestControls
        do {
            controls = try RequestControls(headers: request.headers, body: bodyControls)
        } catch {
            throw ErrorAnswer(.badRequest, code: "invalid_cache_control", error.message)
        }
        let namespace = controls.namespace ?? configuration.defaultNamespace
        record.namespace = namespace
        let whole = bodyControls == nil ? bytes : TopLevelMembers.removing(["cache"], from: bytes)
        guard quota.admitNamespace(namespace, of: tenant, configuration.limits) else {
            let disposition = Disposition(.bypass, reason: .quota)
            return try await forward(request, .bytes(ByteBuffer(bytes: whole)), disposition, record)
        }
        let scope = CacheScope(tenant: tenant, namespace: namespace, model: inquiry.model)
        let start = ContinuousClock.now
        var results: [LookupResult] = []
        for (index, input) in inquiry.inputs.enumerated() {
            // The thread serves other connections too.
            if index % 64 == 63 { await Task.yield() }
            let result = await cache.find(inquiry.cacheRequest(input, request, scope, controls.cache))
            cache.count(result.verdict, of: result)
            results.append(result)
        }
        var disposition = Self.disposition(of: results.map(\.verdict))
        disposition.lookup = start.duration(to: .now)
        let misses = results.indices.filter { Self.vector(in: results[$0].verdict) == nil }
        if misses.isEmpty {
            record.disposition = disposition
            var headers = HTTPFields()
            disposition.write(to: &headers, now: clock.now)
            let vectors = results.compactMap { Self.vector(in: $0.verdict) }
            return .json(Self.answer(vectors, model: inquiry.model, usage: nil), headers: headers)
        }
        guard !controls.cache.onlyIfCached else {
            record.disposition = disposition
            var answer = ErrorAnswer.notCached
            disposition.write(to: &answer.headers, now: clock.now)
            throw answer
        }
        let isPartial = misses.count < results.count
        let asked = isPartial ? inquiry.body(asking: misses.map { inquiry.inputs[$0] }) : whole
        let exchange = EmbeddingsExchange(
            request: request,
            whole: ByteBuffer(bytes: whole),
            inquiry: inquiry,
            scope: scope,
            controls: controls.cache,
            results: results,
            misses: misses,
            disposition: disposition
        )
        return try await fetch(ByteBuffer(bytes: asked), for: exchange, record)
    }

    /// Asks the upstream for what the cache lacks, stores it, and puts the answer together.
    private func fetch(
        _ body: ByteBuffer,
        for exchange: EmbeddingsExchange,
        _ record: RequestRecord
    ) async throws -> Response {
        let start = ContinuousClock.now
        let outgoing = UpstreamClient.Request(
            method: "POST",
            url: upstreamURL(of: exchange.request),
            headers: upstreamHeaders(of: exchange.request, readsAnswer: true),
            body: .bytes(body)
        )
        let (answer, content) = try await fetchWhole(outgoing)
        let latency = start.duration(to: .now)
        metrics.observeUpstream(latency, status: answer.status)
        let json = answer.status == 200 ? (try? JSONValue(parsing: content.readableBytesView)) : nil
        let misses = exchange.misses
        let isPartial = misses.count < exchange.results.count
        let fresh = json.flatMap { Self.vectors(in: $0, count: misses.count) }
        if isPartial, answer.status == 200, fresh == nil {
            // An answer to some of the inputs is none to the caller's request: that is asked as it came.
            return try await forward(exchange.request, .bytes(exchange.whole), exchange.disposition, record)
        }
        record.disposition = exchange.disposition
        var headers = ForwardedHeaders.response(answer.headers, isShared: false)
        exchange.disposition.write(to: &headers, now: clock.now)
        guard let fresh else {
            return Response(
                status: .init(code: answer.status),
                headers: headers,
                body: ResponseBody(byteBuffer: content)
            )
        }
        let model = json?["model"]?.stringValue ?? exchange.inquiry.model
        // The answer does not wait for the store, unless the configuration gives it a while; a shutdown does.
        stores.begin()
        let storing = Task { [self] in
            defer { stores.end() }
            await keep(fresh, of: model, in: exchange, upstreamLatency: latency)
        }
        let grace = configuration.storeGrace
        if grace > .zero { try? await withDeadline(grace) { await storing.value } }
        guard isPartial else {
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: content))
        }
        var vectors = exchange.results.map { Self.vector(in: $0.verdict) ?? .null }
        for (index, vector) in zip(misses, fresh) { vectors[index] = vector }
        return .json(Self.answer(vectors, model: model, usage: json?["usage"]), headers: headers)
    }

    /// Stores the vectors that the cache lacked, and has the tenant give up what is too much for its quota.
    private func keep(
        _ vectors: [JSONValue],
        of model: String,
        in exchange: EmbeddingsExchange,
        upstreamLatency: Duration
    ) async {
        await withTaskGroup { group in
            for (index, vector) in zip(exchange.misses, vectors) where Self.isVector(vector) {
                group.addTask { [self] in
                    await keep(vector, of: model, at: index, in: exchange, upstreamLatency: upstreamLatency)
                }
            }
        }
        await enforceQuota(of: exchange.scope.namespace.tenant, configuration.limits)
    }

    /// Stores the vector of one input, if the tenant may; a fault is counted, for the client has its answer all the same.
    private func keep(
        _ vector: JSONValue,
        of model: String,
        at index: Int,
        in exchange: EmbeddingsExchange,
        upstreamLatency: Duration
    ) async {
        let limits = configuration.limits
        let tenant = exchange.scope.namespace.tenant
        guard quota.admitStore(by: tenant, at: clock.now.milliseconds / 1_000, limits) else {
            return metrics.countQuotaRefusal()
        }
        let reply = CachedReply(
            text: "",
            model: model,
            wire: .init(format: EmbeddingsInquiry.format, json: vector.serialized())
        )
        do {
            _ = try await cache.store(
                reply,
                for: exchange.cacheRequest(at: index),
                after: exchange.results[index],
                upstreamLatency: upstreamLatency,
                cost: nil
            )
        } catch {
            cache.noteFailedStore(error, of: exchange.results[index])
            metrics.countStoreFailure()
        }
    }

    /// Sends a request and reads the whole answer, within the time that an exchange may take.
    ///
    /// Also when the caller has gone: the vectors are paid for and are stored, and they are there in a moment.
    private func fetchWhole(
        _ request: UpstreamClient.Request
    ) async throws -> (UpstreamClient.Response, ByteBuffer) {
        let limits = configuration.limits
        do {
            return try await withDeadline(limits.upstreamTimeout) { [upstream] in
                let answer = try await upstream.send(request)
                return (answer, try await answer.body.collect(upTo: limits.maximumCapturedBytes))
            }
        } catch {
            if !(error is CancellationError) { metrics.countUpstreamError() }
            throw error is DeadlineExceeded ? OpenAIClientError.timedOut : error
        }
    }

    /// One word for a request of many inputs: a hit if all were there, else what became of the first that was not.
    private static func disposition(of verdicts: [Verdict]) -> Disposition {
        let telling = verdicts.first { vector(in: $0) == nil } ?? verdicts.first
        return telling.map { Disposition($0) } ?? Disposition(.bypass, reason: .notUnderstood)
    }

    private static func vector(in verdict: Verdict) -> JSONValue? {
        guard verdict.isServable, let wire = verdict.reply?.wire, wire.format == EmbeddingsInquiry.format else {
            return nil
        }
        return try? JSONValue(parsing: wire.json)
    }

    /// The vectors of an answer in the order of the inputs; nil if it is not an answer to so many.
    private static func vectors(in json: JSONValue, count: Int) -> [JSONValue]? {
        guard let data = json["data"]?.arrayValue, data.count == count else { return nil }
        var vectors: [JSONValue?] = Array(repeating: nil, count: count)
        for (position, item) in data.enumerated() {
            let index = item["index"]?.intValue ?? position
            guard vectors.indices.contains(index), vectors[index] == nil, let vector = item["embedding"] else {
                return nil
            }
            vectors[index] = vector
        }
        return vectors.compactMap { $0 }
    }

    /// Whether it is a vector as the API gives them: numbers, or their bytes in base 64.
    private static func isVector(_ value: JSONValue) -> Bool {
        if let text = value.stringValue { return !text.isEmpty }
        guard let elements = value.arrayValue, !elements.isEmpty else { return false }
        return elements.allSatisfy { $0.numberValue != nil }
    }

    /// An answer made from vectors; the tokens are those that were spent on this request.
    private static func answer(_ vectors: [JSONValue], model: String, usage: JSONValue?) -> JSONValue {
        [
            "object": "list",
            "data": .array(
                vectors.enumerated().map { index, vector in
                    ["object": "embedding", "index": .integer(index), "embedding": vector]
                }
            ),
            "model": .string(model), "usage": usage ?? ["prompt_tokens": 0, "total_tokens": 0],
        ]
    }
}
