internal import StrictJSON

extension LabelledPair {
    /// The pair as a line of JSONL, in the spelling that ``PairReader`` reads: `{"a":…,"b":…,"label":1}`.
    public var jsonLine: String {
        var object = JSONObject()
        object["a"] = .string(first)
        object["b"] = .string(second)
        object["label"] = .integer(isMatch ? 1 : 0)
        if let category { object["cat"] = .string(category) }
        return JSONValue.object(object).serializedText
    }
}
