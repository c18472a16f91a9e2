/// What models charge, and of what day that is: prices change, and a saving is worth what it is counted with.
public struct PriceTable: Hashable, Sendable {
    /// The day of the prices, as in `2026-01-31`.
    public var asOf: String
    /// The prices, by the beginning of the models' names; the longest that fits counts.
    public var models: [ModelPrice]

    /// Creates a table.
    public init(asOf: String, models: [ModelPrice]) {
        self.asOf = asOf
        self.models = models
    }

    /// List prices to start from; check them against the provider's, and set your own.
    public static let wellKnown = PriceTable(
        asOf: "2025-06-01",
        models: [
            ModelPrice("gpt-4o-mini", inputPerMillion: 0.15, cachedInputPerMillion: 0.075, outputPerMillion: 0.60),
            ModelPrice("gpt-4o", inputPerMillion: 2.50, cachedInputPerMillion: 1.25, outputPerMillion: 10),
            ModelPrice("gpt-4.1-nano", inputPerMillion: 0.10, cachedInputPerMillion: 0.025, outputPerMillion: 0.40),
            ModelPrice("gpt-4.1-mini", inputPerMillion: 0.40, cachedInputPerMillion: 0.10, outputPerMillion: 1.60),
            ModelPrice("gpt-4.1", inputPerMillion: 2, cachedInputPerMillion: 0.50, outputPerMillion: 8),
        ]
    )
}
