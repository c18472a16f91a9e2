import ArgumentParser
import SemanticCaching

/// How near a stored question must be for its answer to be served.
struct SettingsOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "The similarity that a match must reach, from 0 to 1. [default: what tune --apply left, else 0.9]"
    )
    var threshold: Float?

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

    @OptionGroup var verification: VerifierOptions

    func validate() throws {
        guard threshold.map({ (0...1).contains($0) }) ?? true else {
            throw ValidationError("--threshold must be from 0 to 1")
        }
        guard maxError.map({ (1e-6...0.5).contains($0) }) ?? true else {
            throw ValidationError("--max-error must be from 0.000001 to 0.5")
        }
    }

    /// The configuration of a cache that lives for one command: nobody waits for it but the person who asked.
    var configuration: CacheConfiguration {
        var configuration = CacheConfiguration()
        if let threshold { configuration.namespaces.threshold = threshold }
        // What a person says now outranks what was found once.
        configuration.usesTunedSettings = threshold == nil && maxError == nil
        configuration.namespaces.maximumErrorRate = maxError
        configuration.namespaces.verification = verification.settings
        configuration.embedding.deadline = .seconds(60)
        return configuration
    }
}
