public import StrictJSON

/// Everything in a request besides model and messages that can change the answer, in its wire form.
///
///     var parameters = GenerationParameters(temperature: 0)
///     parameters["max_tokens"] = 200
///
/// A field that the cache does not know is part of the key: a missed hit is better than a wrong one.
public struct GenerationParameters: Hashable, Sendable {
    /// The fields by their name on the wire.
    public var fields: JSONObject

    /// Creates parameters from fields in their wire form.
    public init(fields: JSONObject = JSONObject()) { self.fields = fields }

    /// Creates parameters with a sampling temperature; nil leaves it to the model's default.
    public init(temperature: Double?) {
        self.init()
        self.temperature = temperature
    }

    /// The field of that name; nil when it is absent.
    public subscript(field: String) -> JSONValue? {
        get { fields[field] }
        set { fields[field] = newValue }
    }

    /// The sampling temperature, if one is asked for.
    public var temperature: Double? {
        get { fields["temperature"]?.doubleValue }
        set { fields["temperature"] = newValue.map { .double($0) } }
    }

    /// Whether the model may call tools to answer, its provider's own (a search, servers of the Model Context Protocol)
    /// included.
    public var mayCallTools: Bool {
        // A search that the provider makes is not a matter of `tool_choice`.
        if Self.offers(fields["web_search_options"]) { return true }
        if fields["tool_choice"] == "none" || fields["tool_choice"]?["type"] == "none" { return false }
        if Self.offers(fields["functions"]), fields["function_call"] != "none" { return true }
        return Self.offers(fields["tools"]) || Self.offers(fields["mcp_servers"])
    }

    /// Whether a field holds anything: an empty list offers nothing, an empty object turns a tool on.
    private static func offers(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?, .bool(false)?: false
        case .array(let elements)?: !elements.isEmpty
        default: true
        }
    }
}
