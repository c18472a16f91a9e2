/// What was saved and spent in some span of time: whole numbers that add up.
///
///     let year = days.map(\.counts).reduce(LedgerCounts(), +)
///     print(year.hitRate, year[.savedTokens], year.savedDollars)
public struct LedgerCounts: Hashable, Sendable {
    /// What is counted, by the name under which it is stored.
    public enum Field: String, Sendable, CaseIterable {
        /// Answers served word for word, from memory, the store or the shared tier.
        case exactHits = "exact_hits"
        /// Answers served by their meaning.
        case semanticHits = "semantic_hits"
        /// Answers taken over from the same request under way.
        case coalescedHits = "coalesced_hits"
        /// Answers served past their expiry.
        case staleHits = "stale_hits"
        /// Requests that the model was asked for.
        case misses
        /// Requests that passed by the cache.
        case bypasses
        /// Tokens that the served answers had cost.
        case savedTokens = "saved_tokens"
        /// What the served answers had cost, in billionths of a US dollar.
        case savedNanodollars = "saved_nanodollars"
        /// The time that the model had taken for the served answers.
        case savedMilliseconds = "saved_ms"

        /// Answers of the model.
        case upstreamCalls = "upstream_calls"
        /// The time that it took for them.
        case upstreamMilliseconds = "upstream_ms"
        /// Tokens that were sent to it.
        case promptTokens = "prompt_tokens"
        /// Of those, tokens that the provider served from its own prompt cache.
        case cachedPromptTokens = "cached_prompt_tokens"
        /// Tokens that it generated.
        case completionTokens = "completion_tokens"
        /// What it charged.
        case spentNanodollars = "spent_nanodollars"
        /// What the provider's prompt cache took off that.
        case providerSavedNanodollars = "provider_saved_nanodollars"

        /// Conversations sent without what was said before the latest exchanges.
        case slimPrompts = "slim_prompts"
        /// Conversations sent with a summary in the place of what was said before.
        case summaryPrompts = "summary_prompts"
        /// Tokens of conversations that were not sent.
        case leftOutTokens = "left_out_tokens"
        /// What sending them would have cost.
        case leftOutNanodollars = "left_out_nanodollars"
        /// New summaries.
        case summaryCalls = "summary_calls"
        /// The tokens that they took; they count against what was left out.
        case summaryTokens = "summary_tokens"
        /// What they cost, by the price of the model that made them; part of what was spent.
        case summaryNanodollars = "summary_nanodollars"
    }

    private var values: [Int]
    /// Hits by how long they took: place *i* counts those below 2ⁱ microseconds that place *i* − 1 does not.
    public private(set) var hitLatencies: [Int]

    private static var latencyPlaces: Int { 24 }

    /// Creates an account of nothing.
    public init() {
        values = Array(repeating: 0, count: Field.allCases.count)
        hitLatencies = Array(repeating: 0, count: Self.latencyPlaces)
    }

    /// The count of a field.
    public subscript(field: Field) -> Int {
        get { values[field.index] }
        set { values[field.index] = newValue }
    }

    /// Whether nothing happened.
    public var isEmpty: Bool { values.allSatisfy { $0 == 0 } && hitLatencies.allSatisfy { $0 == 0 } }

    mutating func observeHit(_ latency: Duration) {
        let microseconds = max(0, Int(latency.inSeconds * 1e6))
        let place = Int.bitWidth - microseconds.leadingZeroBitCount
        hitLatencies[min(place, Self.latencyPlaces - 1)] += 1
    }

    mutating func setHits(at place: Int, to count: Int) {
        if hitLatencies.indices.contains(place) { hitLatencies[place] = count }
    }

    /// Adds two accounts up; counts that are too great for a number, as those of a damaged store, stay at the greatest.
    public static func + (left: LedgerCounts, right: LedgerCounts) -> LedgerCounts {
        left.combined(right) { $0.addingSaturated($1) }
    }

    /// What an account has more than an earlier one.
    static func - (left: LedgerCounts, right: LedgerCounts) -> LedgerCounts {
        left.combined(right) { $0.subtractingSaturated($1) }
    }

    mutating func add(_ amount: Int, to field: Field) { self[field] = self[field].addingSaturated(amount) }

    private func combined(_ other: LedgerCounts, by operation: (Int, Int) -> Int) -> LedgerCounts {
        var result = self
        for index in values.indices { result.values[index] = operation(values[index], other.values[index]) }
        for index in hitLatencies.indices {
            result.hitLatencies[index] = operation(hitLatencies[index], other.hitLatencies[index])
        }
        return result
    }
}

extension LedgerCounts.Field {
    private static let indices = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) }
    )

    fileprivate var index: Int { Self.indices[self] ?? 0 }
}
