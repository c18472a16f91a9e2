internal import HTTPTypes
internal import SemanticCaching

/// How a request was answered, as every answer's headers tell it.
struct Disposition: Sendable {
    /// The word of `x-semcache`.
    enum Outcome: String, Sendable, CaseIterable {
        case hit = "HIT"
        case miss = "MISS"
        case bypass = "BYPASS"
        case stale = "STALE"
        case coalesced = "COALESCED"
    }

    /// How the request was answered.
    var outcome: Outcome
    /// Why, in a word.
    var reason: VerdictReason
    /// What the cache found.
    var verdict: Verdict?
    /// Where the answer is stored.
    var entry: EntryID?
    /// Whether the answer was stored before its head was sent.
    var isStored = false
    /// What was done about the conversation.
    var context: Context?
    /// How long the cache took to say so.
    var lookup: Duration = .zero

    init(_ outcome: Outcome, reason: VerdictReason) {
        self.outcome = outcome
        self.reason = reason
    }

    /// How a verdict is told.
    init(_ verdict: Verdict) {
        let outcome: Outcome =
            switch verdict.outcome {
            case .hit: verdict.tier == .coalesced ? .coalesced : .hit
            case .stale: .stale
            case .miss: .miss
            case .bypass: .bypass
            }
        self.init(outcome, reason: verdict.reason)
        self.verdict = verdict
        context = Context(verdict)
        entry = verdict.entry
    }

    /// The headers, for an answer that has no others yet.
    func fields(now: Timestamp) -> [HTTPField] {
        var fields: [HTTPField] = []
        // Room for these and for what every answer has besides.
        fields.reserveCapacity(18)
        each(now: now) { name, value in fields.append(HTTPField(name: name, value: value)) }
        return fields
    }

    /// Adds the headers to an answer's, in place of those that another cache has set.
    func write(to fields: inout HTTPFields, now: Timestamp) {
        each(now: now) { name, value in
            if name == .cacheStatus {
                fields.append(HTTPField(name: name, value: value))  // Each cache on the way adds its member.
            } else {
                fields[name] = value
            }
        }
    }

    private func each(now: Timestamp, _ body: (HTTPField.Name, String) -> Void) {
        body(.semcache, outcome.rawValue)
        body(.semcacheReason, reason.rawValue)
        body(.semcacheLookup, Self.decimal(lookup.inSeconds * 1_000, digits: 3))
        if let tier = verdict?.tier { body(.semcacheTier, tier.rawValue) }
        if let similarity = verdict?.similarity {
            body(.semcacheSimilarity, Self.decimal(Double(similarity), digits: 4))
        }
        if let threshold = verdict?.threshold { body(.semcacheThreshold, Self.decimal(Double(threshold), digits: 4)) }
        if let context {
            body(.semcacheContext, context.word)
            if let tokens = context.tokensIn { body(.semcacheTokensIn, "\(tokens)") }
            if let tokens = context.tokensOut { body(.semcacheTokensOut, "\(tokens)") }
        }
        if let entry { body(.semcacheEntry, "\(entry)") }
        if verdict?.isServable == true {
            if let cost = verdict?.savedCost { body(.semcacheSavedUSD, Self.decimal(cost, digits: 6)) }
            if let age = verdict?.age { body(.age, "\(age.wholeMilliseconds / 1_000)") }
        }
        body(.cacheStatus, cacheStatus(now: now))
    }

    /// The member of `Cache-Status` (RFC 9211) that is ours.
    private func cacheStatus(now: Timestamp) -> String {
        var value = "semcache"
        switch outcome {
        case .hit, .stale:
            value += "; hit"
            if let expiresAt = verdict?.expiresAt {
                value += "; ttl=\((expiresAt - now).wholeMilliseconds / 1_000)"
            }
        case .miss: value += reason == .tooOld ? "; fwd=stale" : "; fwd=miss"
        case .coalesced: value += "; fwd=miss; collapsed"
        case .bypass: value += "; fwd=bypass"
        }
        if isStored { value += "; stored" }
        return value + "; detail=" + reason.rawValue
    }

    /// A number with a fixed count of digits behind the point.
    static func decimal(_ value: Double, digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = (abs(value) * Double(scale)).rounded()
        guard scaled.isFinite, scaled < 9e15 else { return "0" }
        let whole = Int(scaled)
        let fraction = String(whole % scale)
        let padded = String(repeating: "0", count: digits - fraction.utf8.count) + fraction
        return (value < 0 && whole != 0 ? "-" : "") + "\(whole / scale)" + (digits > 0 ? "." + padded : "")
    }
}
