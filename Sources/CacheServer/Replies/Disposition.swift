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

    /// Adds the headers to an answer's.
    func write(to fields: inout HTTPFields, now: Timestamp) {
        fields[.semcache] = outcome.rawValue
        fields[.semcacheReason] = reason.rawValue
        fields[.semcacheLookup] = Self.decimal(lookup.inSeconds * 1_000, digits: 3)
        if let tier = verdict?.tier { fields[.semcacheTier] = tier.rawValue }
        if let similarity = verdict?.similarity {
            fields[.semcacheSimilarity] = Self.decimal(Double(similarity), digits: 4)
        }
        if let threshold = verdict?.threshold {
            fields[.semcacheThreshold] = Self.decimal(Double(threshold), digits: 4)
        }
        context?.write(to: &fields)
        if let entry { fields[.semcacheEntry] = "\(entry)" }
        if let cost = verdict?.savedCost, verdict?.isServable == true {
            fields[.semcacheSavedUSD] = Self.decimal(cost, digits: 6)
        }
        if let age = verdict?.age, verdict?.isServable == true { fields[.age] = "\(age.wholeMilliseconds / 1_000)" }
        fields.append(HTTPField(name: .cacheStatus, value: cacheStatus(now: now)))
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
