internal import HTTPTypes

extension HTTPFields {
    /// The value of a name, of which most requests have none.
    ///
    /// The subscript joins what it finds, which costs as much where it finds nothing or one; a hit asks for a dozen names.
    func value(of name: HTTPField.Name) -> String? {
        guard contains(name) else { return nil }
        let values = self[values: name]
        return values.count == 1 ? values[0] : self[name]
    }
}

extension HTTPField.Name {
    static let semcache = constant("x-semcache")
    static let semcacheTier = constant("x-semcache-tier")
    static let semcacheSimilarity = constant("x-semcache-similarity")
    static let semcacheThreshold = constant("x-semcache-threshold")
    static let semcacheReason = constant("x-semcache-reason")
    static let semcacheEntry = constant("x-semcache-entry")
    static let semcacheSavedUSD = constant("x-semcache-saved-usd")
    static let semcacheLookup = constant("x-semcache-lookup-ms")
    static let semcacheNamespace = constant("x-semcache-namespace")
    static let semcacheTTL = constant("x-semcache-ttl")
    static let semcacheTags = constant("x-semcache-tags")
    static let semcacheMode = constant("x-semcache-mode")
    static let cacheStatus = constant("cache-status")
    static let requestID = constant("x-request-id")
    static let openAIOrganization = constant("openai-organization")
    static let openAIProject = constant("openai-project")
    static let openAIBeta = constant("openai-beta")
    static let semcacheContext = constant("x-semcache-context")
    static let semcacheTokensIn = constant("x-semcache-tokens-in")
    static let semcacheTokensOut = constant("x-semcache-tokens-out")
    static let anthropicVersion = constant("anthropic-version")
    static let anthropicBeta = constant("anthropic-beta")
    static let anthropicKey = constant("x-api-key")
    static let apiKey = constant("api-key")
    static let googleKey = constant("x-goog-api-key")

    /// The fields in which clients of OpenAI, Azure, Anthropic and Google send a key, in the order of their rank.
    static let keys: [HTTPField.Name] = [.authorization, .apiKey, .anthropicKey, .googleKey]

    private static func constant(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no name of a header.") }
        return name
    }
}
