import ArgumentParser
import Foundation
import SemanticCaching

/// The rules of time under which a command stores, so that they hold for what is stored beside the server too.
struct RuleOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Configuration of serve, for its time_rules. [default: $SEMCACHE_CONFIG]", valueName: "file")
    )
    var config: String?

    /// The rules; none without a configuration.
    var rules: InvalidationRules {
        get throws {
            let environment = ProcessInfo.processInfo.environment["SEMCACHE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
            guard let path = config ?? environment else { return InvalidationRules() }
            return try ConfigurationFile(path: path).rules
        }
    }
}
