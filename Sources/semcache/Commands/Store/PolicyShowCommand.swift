import ArgumentParser
import Foundation
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Shows the learned policy of a namespace.
struct PolicyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the learned policy of a namespace: weights in words, level, last audits.",
        discussion: "Exits with 1 if the namespace has learned nothing yet. Works beside a running server."
    )

    @Option(name: .long, help: ArgumentHelp("The namespace.", valueName: "name"))
    var namespace = "default"

    @Option(name: .long, help: ArgumentHelp("Owner of the namespace. [default: none]", valueName: "name"))
    var tenant = ""

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let id = NamespaceID(tenant: tenant, name: namespace)
        guard let bytes = try await data.withStore(for: .reading, { try await $0.metadata(id.policyName) }) else {
            Terminal.writeError("semcache: the namespace \(id) has no learned policy")
            throw ExitCode(Failure.notFound)
        }
        let learner: PolicyLearner
        do { learner = try JSONDecoder().decode(PolicyLearner.self, from: Data(bytes)) } catch {
            throw CacheError(.corruptStore, "the learned policy of \(id) cannot be read; it will start anew")
        }
        let report = PolicyReport(namespace: id, learner: learner)
        output.json ? report.printJSON() : report.printText()
    }
}
