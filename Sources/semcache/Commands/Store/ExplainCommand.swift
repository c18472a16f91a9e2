import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Explains a decision of the cache.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain why a question is answered from the cache or not, or why two requests share a key or not.",
        discussion: """
            semcache explain "Cancel order 124" --data DIR
            semcache explain --requests a.json b.json

            It leaves no trace and works beside a running server. In stored questions, [brackets] mark what a guard \
            found to differ. The files of --requests hold bodies of POST /v1/chat/completions.
            """
    )

    @Argument(help: "The question, or the two files of --requests.")
    var arguments: [String] = []

    @Flag(name: .long, help: "Compare the keys of two requests.")
    var requests = false

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if requests {
            guard arguments.count == 2 else { throw ValidationError("--requests needs two files") }
        } else {
            guard arguments.count == 1, !arguments[0].allSatisfy(\.isWhitespace) else {
                throw ValidationError("give one question, in quotes")
            }
        }
    }

    func run() async throws {
        requests ? try explainKeys() : try await explainLookup(of: arguments[0])
    }

    private func explainLookup(of question: String) async throws {
        let embedder = settings.exact ? nil : try embedding.makeEmbedder()
        let verdict = try await data.withStore(for: .reading) { store in
            let cache = try await StoredCache.open(
                store,
                embedder: embedder,
                configuration: settings.configuration,
                verifier: try settings.verification.choice
            )
            return await cache.explain(CacheRequest(question, scope: scope.scope))
        }
        let report = ExplanationReport(question: question, scope: scope.scope, verdict: verdict)
        output.json ? report.printJSON() : report.printText()
    }

    private func explainKeys() throws {
        let first = try RequestFile.request(at: arguments[0], scope: scope.scope)
        let second = try RequestFile.request(at: arguments[1], scope: scope.scope)
        let report = KeyReport(explanation: KeyExplanation(first, second))
        output.json ? report.printJSON() : report.printText()
    }
}
