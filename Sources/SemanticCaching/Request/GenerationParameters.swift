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

    /// Whether the model may call tools to answer.
    public var mayCallTools: Bool {
        let offersTools = ["tools", "functions"].contains { !(fields[$0]?.arrayValue ?? []).isEmpty }
        return offersTools && fields["tool_choice"] != "none"
    }
}
