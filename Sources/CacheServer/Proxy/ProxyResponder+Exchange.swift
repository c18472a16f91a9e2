internal import Embeddings
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OpenAI
internal import SemanticCaching

extension ProxyResponder {
    func makeExchange(_ inquiry: Inquiry, completesAbandoned: Bool? = nil) -> LiveExchange {
        LiveExchange(
            form: inquiry.parsed.wireForm,
            completesAbandoned: completesAbandoned ?? configuration.completesAbandonedAnswers,
            maximumBytes: configuration.limits.maximumCapturedBytes
        )
    }

    /// Runs the exchange with the upstream, apart from every caller, and stores its answer.
    func run(_ exchange: LiveExchange, _ inquiry: Inquiry, _ result: LookupResult, key: Digest256?) {
        let url = upstreamURL(of: inquiry.request)
        let headers = upstreamHeaders(of: inquiry.request, readsAnswer: true)
        exchange.start { [self] exchange in
            defer {
                if let key {
                    exchanges.remove(key, exchange)
                    cache.endTurn(of: result)
                }
            }
            let body = await upstreamBody(of: inquiry)
            let start = ContinuousClock.now
            var capture: ReplyCapture?
            do {
                try await fetch(.init(method: "POST", url: url, headers: headers, body: .bytes(body)), into: exchange) {
                    switch $0 {
                    case .head(let head):
                        capture = ReplyCapture(
                            api: inquiry.parsed.api,
                            status: head.status,
                            contentType: head.header("content-type"),
                            limits: configuration.limits
                        )
                    case .piece(let piece): capture?.consume(piece.readableBytesView)
                    }
                }
                let reply = capture?.finish()
                stores.begin()
                defer { stores.end() }
                exchange.end(reply: reply)
                var entry: EntryID?
                if let reply { entry = await keep(reply, inquiry, result, latency: start.duration(to: .now)) }
                exchange.settle(.init(reply: reply, entry: entry))
            } catch {
                exchange.fail(error)
            }
        }
    }

    /// What comes from the upstream.
    enum Arrival {
        case head(LiveExchange.Head)
        case piece(ByteBuffer)
    }

    /// Sends a request and publishes what comes back, all of it within the time that an exchange may take.
    ///
    /// The client's own deadline ends with the head: an answer that stalls later is given up here.
    ///
    /// - Parameter watch: Sees what has been published.
    func fetch(
        _ request: UpstreamClient.Request,
        into exchange: LiveExchange,
        watch: (Arrival) -> Void
    ) async throws {
        let start = ContinuousClock.now
        let alarm = DeadlineWheel.shared.add(after: configuration.limits.upstreamTimeout) { [weak exchange] in
            exchange?.giveUp(OpenAIClientError.timedOut)
        }
        defer { alarm.cancel() }
        do {
            let answer = try await upstream.send(request)
            metrics.observeUpstream(start.duration(to: .now), status: answer.status)
            let head = LiveExchange.Head(status: answer.status, headers: answer.headers)
            exchange.publish(head: head)
            watch(.head(head))
            for try await piece in answer.body {
                try await exchange.publish(piece)
                watch(.piece(piece))
            }
        } catch {
            // When the last caller has gone, that is no fault of the upstream; when the time is over, it is.
            if !(error is CancellationError) || exchange.hasFailed { metrics.countUpstreamError() }
            throw error
        }
    }

    /// The content of an exchange, written to a caller as it comes.
    ///
    /// - Parameters:
    ///   - beginning: What was read of it already.
    ///   - first: The number of the piece behind that.
    ///   - grace: So long its end, not its content, waits for the store.
    static func body(
        following membership: Membership,
        behind beginning: ByteBuffer? = nil,
        from first: Int = 0,
        contentLength: Int? = nil,
        grace: Duration = .zero
    ) -> ResponseBody {
        ResponseBody(contentLength: contentLength) { writer in
            // The membership lives as long as the writing: its end is this caller's departure.
            defer { withExtendedLifetime(membership) {} }
            if let beginning { try await writer.write(beginning) }
            var index = first
            while let piece = try await membership.piece(index) {
                try await writer.write(piece)
                index += 1
            }
            if grace > .zero { _ = try? await withDeadline(grace) { try await membership.exchange.outcome() } }
            try await writer.finish(nil)
        }
    }

    /// Stores a complete answer and notes that its conversation went on, if the tenant may store more; books it anyway.
    private func keep(
        _ reply: CachedReply,
        _ inquiry: Inquiry,
        _ result: LookupResult,
        latency: Duration
    ) async -> EntryID? {
        let prompt = inquiry.prompt.value
        guard quota.admitStore(by: inquiry.tenant, at: clock.now.milliseconds / 1_000, configuration.limits) else {
            metrics.countQuotaRefusal()
            if let prompt { cache.noteContext(prompt, of: inquiry.cacheRequest) }
            return nil
        }
        let entry = await store(reply, inquiry, result, latency: latency)
        await conversations.record(reply, after: inquiry.cacheRequest, to: prompt)
        return entry
    }

    private func store(
        _ reply: CachedReply,
        _ inquiry: Inquiry,
        _ result: LookupResult,
        latency: Duration
    ) async -> EntryID? {
        let limits = configuration.limits
        let cost = ModelPrice.cost(
            of: reply.usage,
            model: reply.model ?? inquiry.parsed.model,
            prices: configuration.prices.models
        )
        do {
            let entry = try await cache.store(
                reply,
                for: inquiry.cacheRequest,
                after: result,
                upstreamLatency: latency,
                cost: cost
            )
            cache.followUp(reply, storedAs: entry, after: result)
            await enforceQuota(of: inquiry.tenant, limits)
            return entry
        } catch {
            cache.noteFailedStore(error, of: result)
            metrics.countStoreFailure()
            return nil
        }
    }

    /// Makes a tenant that holds more than it may give up its own least valuable answers.
    func enforceQuota(of tenant: String, _ limits: ServerConfiguration.Limits) async {
        guard limits.maximumEntriesPerTenant != nil || limits.maximumBytesPerTenant != nil else { return }
        do {
            let gone = try await cache.enforceLimits(
                of: tenant,
                entries: limits.maximumEntriesPerTenant,
                bytes: limits.maximumBytesPerTenant
            )
            metrics.countQuotaEvictions(gone)
        } catch {
            // What could not go now goes with the next sweep.
            metrics.countStoreFailure()
        }
    }

    /// Fetches a new answer in the background, once, while the stale one is served.
    func refresh(_ inquiry: Inquiry, after result: LookupResult) {
        guard let key = result.flightKey else { return }
        guard let (membership, isLeader) = exchanges.board(key, make: { makeExchange(inquiry) }), isLeader else {
            return
        }
        run(membership.exchange, inquiry, result, key: key)
        // The refresh has no caller; this one stays to its end, so that it is not given up.
        Task { _ = try? await membership.reply() }
    }

    // MARK: - Callers

    /// Relays the exchange to the caller whose request began it.
    func lead(
        _ membership: Membership,
        _ inquiry: Inquiry,
        _ result: LookupResult,
        _ disposition: Disposition
    ) async throws -> Response {
        let head: LiveExchange.Head
        do {
            head = try await membership.head()
        } catch is CancellationError {
            // The caller has gone; that the cache did not have it is true all the same.
            cache.count(result.verdict, of: result)
            throw CancellationError()
        } catch {
            guard let rescue = await rescue(inquiry, result, disposition) else {
                throw error
            }
            return rescue
        }
        if head.status >= 500, let rescue = await rescue(inquiry, result, disposition) { return rescue }
        cache.count(result.verdict, of: result)
        return try await relay(membership, head, inquiry, disposition, isShared: false)
    }

    /// Relays another caller's exchange, from its beginning.
    func follow(
        _ membership: Membership,
        _ inquiry: Inquiry,
        _ result: LookupResult,
        _ disposition: Disposition
    ) async throws -> Response {
        var verdict = Verdict(.hit, reason: .coalesced, tier: .coalesced)
        verdict.threshold = result.verdict.threshold
        var shared = Disposition(verdict)
        shared.lookup = disposition.lookup
        let exchange = membership.exchange
        let head = try await membership.head()
        guard head.status < 500 else {
            if let rescue = await rescue(inquiry, result, disposition) { return rescue }
            return try await relay(membership, head, inquiry, shared, isShared: true)
        }
        if exchange.form == inquiry.parsed.wireForm || head.status != 200 {
            cache.count(verdict, of: result)
            return try await relay(membership, head, inquiry, shared, isShared: true)
        }
        // The answer travels in another form than this caller wants: it is made anew from the whole.
        guard let reply = try await membership.reply() else {
            cache.count(result.verdict, of: result)
            return try await forward(inquiry.request, .bytes(inquiry.body), disposition, inquiry.record)
        }
        cache.count(verdict, of: result)
        return replay(reply, inquiry, shared)
    }

    /// The stale answer that may stand in for one that the upstream failed to give.
    private func rescue(_ inquiry: Inquiry, _ result: LookupResult, _ disposition: Disposition) async -> Response? {
        guard let verdict = await cache.fallbackVerdict(of: result, for: inquiry.cacheRequest),
            let reply = verdict.reply
        else { return nil }
        cache.count(verdict, of: result)
        var stale = Disposition(verdict)
        stale.lookup = disposition.lookup
        return replay(reply, inquiry, stale)
    }

    private func relay(
        _ membership: Membership,
        _ head: LiveExchange.Head,
        _ inquiry: Inquiry,
        _ disposition: Disposition,
        isShared: Bool
    ) async throws -> Response {
        var disposition = disposition
        if !isShared, let prompt = inquiry.prompt.value { disposition.context = .init(prompt) }
        if isShared { noteTokens(of: inquiry, in: &disposition) }
        var headers = ForwardedHeaders.response(head.headers, isShared: isShared)
        let status = HTTPResponse.Status(code: head.status)
        let exchange = membership.exchange
        let isEvents = head.header("content-type")?.lowercased().hasPrefix("text/event-stream") == true
        let grace = configuration.storeGrace
        // Who asked for a stream gets what comes as it comes, whatever it is.
        guard isEvents || head.status == 200 && inquiry.parsed.isStream else {
            let (body, next) = try await membership.beginning()
            if let next {
                // It is longer than what is kept: it goes on as it comes, in bounded memory.
                disposition.write(to: &headers, now: clock.now)
                inquiry.record.disposition = disposition
                inquiry.record.isStream = true
                return Response(
                    status: status,
                    headers: headers,
                    body: Self.body(following: membership, behind: body, from: next, grace: grace)
                )
            }
            if head.status == 200, grace > .zero {
                let outcome = try? await withDeadline(grace) { try await exchange.outcome() }
                disposition.entry = outcome?.entry
                disposition.isStored = outcome?.entry != nil && !isShared
            }
            disposition.write(to: &headers, now: clock.now)
            inquiry.record.disposition = disposition
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
        }
        disposition.write(to: &headers, now: clock.now)
        inquiry.record.disposition = disposition
        inquiry.record.isStream = true
        return Response(
            status: status,
            headers: headers,
            body: Self.body(following: membership, grace: grace)
        )
    }
}
