import ArgumentParser
import SemanticCaching

/// How near a stored question must be for its answer to be served.
struct SettingsOptions: ParsableArguments {
    @Option(name: .long, help: "The similarity that a match must reach, from 0 to 1.")
    var threshold = NamespaceSettings().threshold

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The share of requests that may be answered wrong; with it, what the namespace learned decides.",
            valueName: "share"
        )
    )
    var maxError: Double?

    @Flag(name: .long, help: "Match word for word only; needs no model.")
    var exact = false

    func validate() throws {
        guard (0...1).contains(threshold) else { throw ValidationError("--threshold must be from 0 to 1") }
        guard maxError.map({ (1e-6...0.5).contains($0) }) ?? true else {
            throw ValidationError("--max-error must be from 0.000001 to 0.5")
        }
    }

    /// The configuration of a cache that lives for one command: nobody waits for it but the person who asked.
    var configuration: CacheConfiguration {
        var configuration = CacheConfiguration()
        configuration.namespaces.threshold = threshold
        configuration.namespaces.maximumErrorRate = maxError
        configuration.embedding.deadline = .seconds(60)
        return configuration
    }
}
