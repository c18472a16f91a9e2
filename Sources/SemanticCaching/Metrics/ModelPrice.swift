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

    /// What an answer cost by the longest fitting prefix; nil when no price fits or the tokens are not known.
    package static func cost(of usage: TokenUsage?, model: String, prices: [ModelPrice]) -> Double? {
        guard let usage, let price = price(of: model, in: prices) else { return nil }
        let plain = Double(max(0, usage.promptTokens - usage.cachedPromptTokens)) * price.inputPerMillion
        let cached = Double(usage.cachedPromptTokens) * price.cachedInputPerMillion
        return (plain + cached + Double(usage.completionTokens) * price.outputPerMillion) / 1e6
    }

    /// The price with the longest fitting prefix.
    static func price(of model: String, in prices: [ModelPrice]) -> ModelPrice? {
        let fitting = prices.filter { model.hasPrefix($0.modelPrefix) }
        return fitting.max { $0.modelPrefix.utf8.count < $1.modelPrefix.utf8.count }
    }
}
