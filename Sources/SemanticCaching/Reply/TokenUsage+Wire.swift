public import StrictJSON

extension TokenUsage {
    /// Reads the `usage` of a provider's answer, what its prompt cache served included; nil if it is none.
    ///
    /// OpenAI's chat and responses APIs count cached tokens among those sent (`prompt_tokens_details.cached_tokens`,
    /// `input_tokens_details.cached_tokens`). Anthropic counts what was read from its cache
    /// (`cache_read_input_tokens`) and written to it beside `input_tokens`; here they are all tokens that were sent.
    public init?(usage: JSONValue) {
        guard usage.objectValue != nil else { return nil }
        func count(_ value: JSONValue?) -> Int { min(max(0, value?.intValue ?? 0), Self.maximumCount) }
        let sent = count(usage["prompt_tokens"] ?? usage["input_tokens"])
        let generated = count(usage["completion_tokens"] ?? usage["output_tokens"])
        let read = count(usage["cache_read_input_tokens"])
        let written = count(usage["cache_creation_input_tokens"])
        let details = usage["prompt_tokens_details"] ?? usage["input_tokens_details"]
        self.init(
            promptTokens: sent + read + written,
            cachedPromptTokens: read + count(details?["cached_tokens"]),
            completionTokens: generated
        )
    }
}
