import Foundation
import OpenAI
import SemanticCaching

/// The model that is asked when the cache has no answer.
enum Model: Sendable {
    /// Answers with what it was told, so that the example needs no network.
    case stub
    /// Any server that speaks OpenAI's chat API.
    case server(OpenAIChatClient, name: String)

    /// The model that the environment names: `CHATBOT_URL` (with its `/v1`), `CHATBOT_MODEL` and `CHATBOT_KEY`.
    static func fromEnvironment() throws -> Model {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["CHATBOT_URL"] else { return .stub }
        let name = environment["CHATBOT_MODEL"] ?? "gpt-4o-mini"
        let client = OpenAIChatClient(
            configuration: .init(
                baseURL: try BaseURL(url),
                apiKey: APIKey(environmentVariable: "CHATBOT_KEY"),
                model: name
            )
        )
        return .server(client, name: name)
    }

    var name: String {
        switch self {
        case .stub: "stub"
        case .server(_, let name): name
        }
    }

    /// Answers a conversation.
    func answer(_ messages: [ChatMessage]) async throws -> CachedReply {
        switch self {
        case .stub:
            let question = messages.last?.content?.plainText ?? ""
            return CachedReply(text: "You said “\(question)”, and I was sent \(messages.count) messages.")
        case .server(let client, _):
            let prompt = messages.map { message in
                PromptMessage(role: .init(name: message.role.rawValue), content: message.content?.plainText ?? "")
            }
            return CachedReply(text: try await client.complete(prompt))
        }
    }
}
