extension SemanticCache {
    /// Brings the accounts in the store up to date; sweeps and ``close(savingTo:)`` do it as well.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`; then the next call writes what this one could not.
    public func flushLedger() async throws {
        try await ledger.flush(namespaces.inUse.map { ($0.id, $0.account) }, day: clock.now.day, to: store)
    }

    /// What was saved and spent, by day and namespace, up to this moment.
    ///
    ///     let total = try await cache.ledgerDays().map(\.counts).reduce(LedgerCounts(), +)
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    public func ledgerDays(since day: String = "") async throws -> [LedgerDay] {
        try await flushLedger()
        return try await store.ledger(since: day)
    }

    /// Accounts for an answer of the model.
    func noteUpstream(
        _ usage: TokenUsage?,
        latency: Duration,
        cost: Double?,
        of request: CacheRequest,
        _ namespace: NamespaceState
    ) {
        let usage = usage?.bounded ?? TokenUsage()
        let price = ModelPrice.price(of: request.scope.model, in: configuration.prices.models)
        let discount = price.map { ($0.inputPerMillion - $0.cachedInputPerMillion) / 1e6 } ?? 0
        namespace.usage.add([
            (.upstreamCalls, 1), (.upstreamMilliseconds, Int(latency.wholeMilliseconds)),
            (.promptTokens, usage.promptTokens), (.cachedPromptTokens, usage.cachedPromptTokens),
            (.completionTokens, usage.completionTokens), (.spentNanodollars, Int(nanodollars: cost ?? 0)),
            (.providerSavedNanodollars, Int(nanodollars: Double(usage.cachedPromptTokens) * discount)),
        ])
    }

    /// Accounts for new summaries, which are paid for whatever becomes of the prompt that they are for.
    func noteSummaries(_ prompt: PreparedPrompt, of request: CacheRequest) {
        guard prompt.summaryCalls > 0 else { return }
        let cost = ModelPrice.cost(
            of: prompt.summaryUsage,
            model: prompt.summaryModel ?? request.scope.model,
            prices: configuration.prices.models
        )
        let nanodollars = Int(nanodollars: cost ?? 0)
        let usage = prompt.summaryUsage.bounded
        namespaces[request.scope.namespace].usage.add([
            (.summaryCalls, prompt.summaryCalls),
            (.summaryTokens, usage.promptTokens + usage.completionTokens),
            (.summaryNanodollars, nanodollars), (.spentNanodollars, nanodollars),
        ])
    }

    /// Accounts for a conversation that was shortened, now that the model has answered it.
    package func noteContext(_ prompt: PreparedPrompt, of request: CacheRequest) {
        guard prompt.mode != .full else { return }
        let price = ModelPrice.price(of: request.scope.model, in: configuration.prices.models)
        let leftOut = prompt.fullTokens - prompt.sentTokens
        namespaces[request.scope.namespace].usage.add([
            (.slimPrompts, prompt.mode == .slim ? 1 : 0), (.summaryPrompts, prompt.mode == .summary ? 1 : 0),
            (.leftOutTokens, leftOut),
            (.leftOutNanodollars, Int(nanodollars: Double(leftOut) * (price?.inputPerMillion ?? 0) / 1e6)),
        ])
    }

    /// Accounts for how long a hit took that ``find(_:isObserved:)`` found.
    package func noteHit(_ latency: Duration, of result: LookupResult) {
        result.namespace.usage.observeHit(latency)
    }
}
