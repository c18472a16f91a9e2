import Foundation
import SemanticCaching

/// A chat in the terminal that shows for each turn what was sent, and what would have been sent without a cache.
@main
enum ChatBot {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let mode = arguments.first { !$0.hasPrefix("--") }.map { ContextMode(rawValue: $0) } ?? .summary
        guard let mode, arguments.filter({ !$0.hasPrefix("--") }).count <= 1,
            arguments.allSatisfy({ !$0.hasPrefix("--") || $0 == "--demo" })
        else { end("usage: ChatBot [full|slim|summary] [--demo]", code: 64) }
        do {
            var chat = try Chat(mode: mode, model: .fromEnvironment())
            if arguments.contains("--demo") { try await demonstrate(&chat) } else { try await converse(&chat) }
            let saved = chat.fullTokens - chat.sentTokens
            let share = chat.fullTokens == 0 ? 0 : 100 * saved / chat.fullTokens
            print("\n\(chat.sentTokens) of \(chat.fullTokens) tokens sent: \(share) % saved (\(mode.rawValue))")
        } catch {
            end("\(error)", code: 69)
        }
    }

    /// Thirty turns, and the first ten of them again, as another visitor would say them.
    private static func demonstrate(_ chat: inout Chat) async throws {
        for round in [1...30, 1...10] {
            for turn in round {
                try await show("Tell me about stop number \(turn) of the tour, and when it opens.", in: &chat)
            }
            chat.restart()
        }
    }

    private static func converse(_ chat: inout Chat) async throws {
        print("Say something; “/new” starts again, an empty line ends.")
        while true {
            print("> ", terminator: "")
            fflush(nil)
            guard let line = readLine(), !line.isEmpty else { return }
            if line == "/new" { chat.restart() } else { try await show(line, in: &chat) }
        }
    }

    private static func show(_ text: String, in chat: inout Chat) async throws {
        let response = try await chat.say(text)
        print(
            "\(response.reply.text)\n   [\(response.context): sent \(response.sentTokens) of \(response.fullTokens) tokens]"
        )
    }

    private static func end(_ message: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(code)
    }
}
