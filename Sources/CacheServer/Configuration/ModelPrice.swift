internal import SemanticCaching

/// What a model charges, to tell what an answer cost and a hit saved.
public struct ModelPrice: Hashable, Sendable {
    /// The beginning of the names of the models that the price is for.
    public var modelPrefix: String
    /// US dollars for a million tokens sent.
    public var inputPerMillion: Double
    /// US dollars for a million tokens sent that the provider found in its own prompt cache.
    public var cachedInputPerMillion: Double
    /// US dollars for a million tokens generated.
    public var outputPerMillion: Double

    /// Creates a price.
    public init(
        _ modelPrefix: String,
        inputPerMillion: Double,
        cachedInputPerMillion: Double? = nil,
        outputPerMillion: Double
    ) {
        self.modelPrefix = modelPrefix
        self.inputPerMillion = inputPerMillion
        self.cachedInputPerMillion = cachedInputPerMillion ?? inputPerMillion
        self.outputPerMillion = outputPerMillion
    }

    /// List prices as a start; the configuration overrides them.
    public static let wellKnown: [ModelPrice] = [
        ModelPrice("gpt-4o-mini", inputPerMillion: 0.15, cachedInputPerMillion: 0.075, outputPerMillion: 0.60),
        ModelPrice("gpt-4o", inputPerMillion: 2.50, cachedInputPerMillion: 1.25, outputPerMillion: 10),
        ModelPrice("gpt-4.1-nano", inputPerMillion: 0.10, cachedInputPerMillion: 0.025, outputPerMillion: 0.40),
        ModelPrice("gpt-4.1-mini", inputPerMillion: 0.40, cachedInputPerMillion: 0.10, outputPerMillion: 1.60),
        ModelPrice("gpt-4.1", inputPerMillion: 2, cachedInputPerMillion: 0.50, outputPerMillion: 8),
    ]

    /// What an answer cost by the longest fitting prefix; nil when no price fits or the tokens are not known.
    static func cost(of usage: TokenUsage?, model: String, prices: [ModelPrice]) -> Double? {
        let fitting = prices.filter { model.hasPrefix($0.modelPrefix) }
        guard let usage, let price = fitting.max(by: { $0.modelPrefix.utf8.count < $1.modelPrefix.utf8.count }) else {
            return nil
        }
        let plain = Double(max(0, usage.promptTokens - usage.cachedPromptTokens)) * price.inputPerMillion
        let cached = Double(usage.cachedPromptTokens) * price.cachedInputPerMillion
        return (plain + cached + Double(usage.completionTokens) * price.outputPerMillion) / 1e6
    }
}
