package import StrictJSON

/// Which fields of a request are no part of its key, and which values mean the same as no value.
///
/// The rules are version 1 of the key. A change to them changes ``version``, and with it every key: an entry stored
/// under other rules is never found by mistake. A field that is in neither list is part of the key.
package enum KeyRules {
    /// The version of the canonical form and of these rules.
    package static let version = 1

    /// Fields that change how an answer is delivered, billed or logged, but not what it says.
    package static let ignoredFields: Set<String> = [
        "cache", "cache_control", "messages", "metadata", "model", "prompt_cache_key", "prompt_cache_retention",
        "safety_identifier", "service_tier", "store", "stream", "stream_options", "user",
    ]

    /// Values that mean the same as leaving the field out, by the documentation of the OpenAI API.
    package static let defaults: [String: JSONValue] = [
        "frequency_penalty": 0,
        "function_call": "auto",
        "logit_bias": [:],
        "logprobs": false,
        "n": 1,
        "parallel_tool_calls": true,
        "presence_penalty": 0,
        "response_format": ["type": "text"],
        "stop": [],
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1,
    ]

    /// Whether a field with this value is part of the key.
    package static func isKeyed(_ member: JSONObject.Member) -> Bool {
        !member.value.isNull && !ignoredFields.contains(member.key) && defaults[member.key] != member.value
    }
}
