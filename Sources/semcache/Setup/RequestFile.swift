import CacheServer
import Foundation
import SemanticCaching
import StrictJSON

/// Reads bodies of `POST /v1/chat/completions` from files, as the proxy reads them.
enum RequestFile {
    /// Reads a request; its model stands in the body, the rest of the scope is given.
    static func request(at path: String, scope: CacheScope) throws -> CacheRequest {
        func fault(_ message: String) -> DataFileError { DataFileError(path: path, line: nil, message: message) }
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            throw fault("the file cannot be read")
        }
        let body: JSONValue
        do { body = try JSONValue(parsing: Array(data)) } catch { throw fault(error.description) }
        guard let fields = body.objectValue, let list = fields["messages"]?.arrayValue, !list.isEmpty else {
            throw fault("a request is an object with \"messages\"")
        }
        var messages: [ChatMessage] = []
        for (index, item) in list.enumerated() {
            guard let message = ChatMessage(chatWire: item) else { throw fault("messages[\(index)] is no message") }
            messages.append(message)
        }
        var scope = scope
        if let model = fields["model"]?.stringValue { scope.model = model }
        return CacheRequest(messages: messages, parameters: GenerationParameters(chatWire: fields), scope: scope)
    }
}
