import Foundation
import SemanticCaching
import StrictJSON

/// Reads bodies of `POST /v1/chat/completions` from files.
enum RequestFile {
    /// Reads a request; its model stands in the body, the rest of the scope is given.
    static func request(at path: String, scope: CacheScope) throws -> CacheRequest {
        func fault(_ message: String) -> DataFileError { DataFileError(path: path, line: nil, message: message) }
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            throw fault("the file cannot be read")
        }
        let body: JSONValue
        do { body = try JSONValue(parsing: Array(data)) } catch { throw fault(error.description) }
        guard var fields = body.objectValue, let list = fields["messages"]?.arrayValue, !list.isEmpty else {
            throw fault("a request is an object with \"messages\"")
        }
        var messages: [ChatMessage] = []
        for (index, item) in list.enumerated() {
            guard let message = message(item) else { throw fault("messages[\(index)] is no message") }
            messages.append(message)
        }
        var scope = scope
        if let model = fields["model"]?.stringValue { scope.model = model }
        for key in ["model", "messages"] { fields[key] = nil }
        return CacheRequest(messages: messages, parameters: GenerationParameters(fields: fields), scope: scope)
    }

    private static func message(_ json: JSONValue) -> ChatMessage? {
        guard var members = json.objectValue, let role = members["role"]?.stringValue else { return nil }
        let content: ChatContent?
        switch members["content"] {
        case nil, .null?: content = nil
        case .string(let text)?: content = .text(text)
        case .array(let parts)?: content = .parts(parts.map(part))
        default: return nil
        }
        members["role"] = nil
        members["content"] = nil
        return ChatMessage(role: ChatRole(rawValue: role), content: content, extra: members)
    }

    private static func part(_ json: JSONValue) -> ContentPart {
        guard let members = json.objectValue, members.count == 2, members["type"] == "text",
            let text = members["text"]?.stringValue
        else { return .other(json) }
        return .text(text)
    }
}
