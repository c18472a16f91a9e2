import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Asks the cache one question.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print the cached answer to a question; exit with 1 if there is none.",
        discussion: "Works beside a running server. A miss says on standard error why it is one."
    )

    @Argument(help: "The question.")
    var question: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let embedder = settings.exact ? nil : try embedding.makeEmbedder()
        let verdict = try await data.withStore(for: .reading) { store in
            let cache = try await StoredCache.open(
                store,
                embedder: embedder,
                configuration: settings.configuration,
                verifier: try settings.verification.choice
            )
            return await cache.lookup(CacheRequest(question, scope: scope.scope))
        }
        if output.json {
            var object: JSONObject = ["command": "get", "question": .string(question)]
            for member in verdict.jsonMembers.members { object[member.key] = member.value }
            Terminal.write(JSONValue.object(object).serializedText)
        } else if let reply = verdict.reply, verdict.isServable {
            Terminal.write(reply.text)
        } else {
            Terminal.writeError("semcache: no answer: \(verdict.missText)")
        }
        if !verdict.isServable { throw ExitCode(Failure.notFound) }
    }
}

extension Verdict {
    /// Why there is no answer, in one line.
    var missText: String {
        let nearest = nearest.first.map { ", nearest is “\($0.question)” at \($0.similarity.formatted(decimals: 3))" }
        let findings = findings.isEmpty ? "" : " (" + findings.map(\.text).joined(separator: "; ") + ")"
        return reason.rawValue + (nearest ?? "") + findings
    }
}
