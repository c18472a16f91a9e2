import ArgumentParser
import Foundation
import SemanticCaching

/// The configuration under which a command stores, so that its rules of time hold for what is stored beside the server too, and
/// so that the server finds it in its namespaces.
struct RuleOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Configuration of serve, for its time_rules. [default: $SEMCACHE_CONFIG]", valueName: "file")
    )
    var config: String?

    /// What the file says of the cache; the defaults without one.
    var configuration: CacheConfiguration {
        get throws {
            let environment = ProcessInfo.processInfo.environment["SEMCACHE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
            guard let path = config ?? environment else { return CacheConfiguration() }
            return try SettingsReader(path: path, environment: [:]).read().settings.cache
        }
    }
}
