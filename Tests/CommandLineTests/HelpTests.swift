import Foundation
import Testing

/// The help of every command, word for word: a change of it is a change of what users are promised.
///
/// After a change that is meant: `SEMCACHE_RECORD_HELP=1 swift test --filter HelpTests`, and look at the difference.
@Suite struct HelpTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden"

    @Test(arguments: [
        "", "ask", "similarity", "nearest", "embed", "doctor", "put", "get", "explain", "ls", "show", "rm",
        "invalidate", "event", "stats", "report", "policy show", "import", "export", "compact", "verify",
        "index bench", "index info", "tune", "replay", "label", "serve", "config", "redis status", "redis flush",
        "redis hydrate",
    ])
    func helpIsAsItWas(_ command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let run = try await Tool.run(words + ["--help"])
        #expect(run.code == 0)
        #expect(run.error.isEmpty)
        let path = "\(Self.golden)/\(words.isEmpty ? "semcache" : words.joined(separator: "-")).txt"
        if ProcessInfo.processInfo.environment["SEMCACHE_RECORD_HELP"] != nil {
            try run.output.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(run.output == (try String(contentsOfFile: path, encoding: .utf8)))
    }
}
