import ArgumentParser
import SemanticCaching

/// Which part of a cache a question belongs to; nothing is shared with any other part.
struct ScopeOptions: ParsableArguments {
    /// The language model of answers that none gave.
    static let defaultModelName = "default"

    @Option(name: .long, help: ArgumentHelp("Namespace of the question.", valueName: "name"))
    var namespace = "default"

    @Option(name: .long, help: ArgumentHelp("Owner of the namespace. [default: none]", valueName: "name"))
    var tenant = ""

    @Option(name: .long, help: ArgumentHelp("Language model that the answer is of.", valueName: "name"))
    var modelName = Self.defaultModelName

    @Option(name: .long, help: ArgumentHelp("Version of the prompts around the question.", valueName: "version"))
    var promptVersion = ""

    /// The scope.
    var scope: CacheScope {
        CacheScope(tenant: tenant, namespace: namespace, model: modelName, promptVersion: promptVersion)
    }
}
