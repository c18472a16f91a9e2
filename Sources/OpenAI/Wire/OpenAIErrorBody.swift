package import StrictJSON

/// The body of an error in the shape of OpenAI's API, which every client library knows how to read.
///
///     {"error": {"message": "…", "type": "invalid_request_error", "param": null, "code": "invalid_api_key"}}
package struct OpenAIErrorBody: Hashable, Sendable {
    /// What went wrong and what to do, for a person.
    package var message: String

    /// The class of the error, for example `invalid_request_error`.
    package var type: String

    /// The request's field at fault, if one is.
    package var parameter: String?

    /// The error's stable name, if it has one.
    package var code: String?

    /// Creates an error body.
    package init(message: String, type: String, parameter: String? = nil, code: String? = nil) {
        self.message = message
        self.type = type
        self.parameter = parameter
        self.code = code
    }

    /// Reads an error body; nil when the bytes are none.
    package init?(parsing bytes: [UInt8]) {
        guard let body = try? JSONValue(parsing: bytes, maximumDepth: 16, maximumBytes: 1 << 16),
            let error = body["error"], error.objectValue != nil
        else { return nil }
        message = error["message"]?.stringValue ?? ""
        type = error["type"]?.stringValue ?? ""
        parameter = error["param"]?.stringValue
        code = error["code"]?.stringValue ?? error["code"]?.numberValue?.text
    }

    /// The body as JSON.
    package var json: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": parameter.map(JSONValue.string) ?? .null,
                "code": code.map(JSONValue.string) ?? .null,
            ]
        ]
    }
}
