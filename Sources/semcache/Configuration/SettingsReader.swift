import Configuration
import Foundation
import SemanticCaching
import Synchronization

/// Brings flags, environment and file together: the one named first wins.
struct SettingsReader: Sendable {
    /// A value that a flag gave.
    struct Flag: Sendable {
        let name: String
        let text: String
    }

    /// What was read, and where each value came from.
    struct Outcome: Sendable {
        var settings = Settings()
        /// The origins of what is not at its default, by the settings' paths.
        var origins: [String: SettingOrigin] = [:]
        var namespaces: [NamespaceSection] = []
    }

    /// The file; nil for none.
    let path: String?
    /// The flags, by the settings' paths.
    let flags: [String: Flag]
    private let environment: [String: String]

    init(
        path: String?,
        flags: [String: Flag] = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.path = path
        self.flags = flags
        // A variable that is set to nothing is not set: that is how service managers unset one.
        self.environment = environment.filter { !$0.value.isEmpty }
    }

    /// Reads everything anew.
    ///
    /// - Throws: ``ConfigurationFault``.
    func read() throws -> Outcome {
        let file = try path.map { try ConfigurationFile(path: $0) }
        var outcome = Outcome()
        let origins = Origins()
        let reader = ConfigReader(providers: providers(file), accessReporter: origins)
        for setting in Setting<Settings>.all {
            let key = ConfigKey(setting.components)
            guard let text = reader.string(forKey: key, isSecret: setting.isSecret) else { continue }
            let origin = origin(of: setting, provider: origins.provider(of: setting.path), file)
            guard let change = setting.change(text) else {
                let value = setting.isSecret ? nil : text
                let name = if case .file = origin { setting.path } else { "the value" }
                throw ConfigurationFault(origin, key: name, expectation: setting.expectation, value: value)
            }
            change(&outcome.settings)
            outcome.origins[setting.path] = origin
        }
        // What a person says on the command line outranks what tuning found once.
        if let said = flags["defaults.threshold"] ?? flags["defaults.maximum_error_rate"],
            outcome.origins["uses_tuned_settings"] == nil
        {
            outcome.settings.cache.usesTunedSettings = false
            outcome.origins["uses_tuned_settings"] = .flag(said.name)
        }
        if let file {
            outcome.namespaces = file.namespaces
            outcome.settings.cache.rules = file.namespaces.map(\.rule)
            outcome.settings.cache.invalidation = file.rules
            outcome.settings.keys = file.keys
            if let prices = file.prices { (outcome.settings.prices, outcome.settings.cache.prices) = (prices, prices) }
        }
        do { try outcome.settings.cache.validate() } catch {
            throw ConfigurationFault(path.map { .file(path: $0, line: nil) } ?? .standard, error.message)
        }
        return outcome
    }

    private func providers(_ file: ConfigurationFile?) -> [any ConfigProvider] {
        func values(_ texts: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
            Dictionary(
                uniqueKeysWithValues: texts.map { path, text in
                    let isSecret = Setting<Settings>.all.first { $0.path == path }?.isSecret ?? false
                    let key = AbsoluteConfigKey(path.split(separator: ".").map(String.init))
                    return (key, ConfigValue(.string(text), isSecret: isSecret))
                }
            )
        }
        let names = Dictionary(uniqueKeysWithValues: Setting<Settings>.all.map { ($0.path, $0.environmentName) })
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
        return [
            InMemoryProvider(name: "flags", values: values(flags.mapValues(\.text))),
            // A setting's variable may have a name of its own, by which it was known before there was a file.
            variables.mapKeys { key in
                AbsoluteConfigKey([names[key.components.joined(separator: ".")] ?? key.description])
            },
            InMemoryProvider(name: "file", values: values(file?.scalars.mapValues(\.text) ?? [:])),
        ]
    }

    private func origin(of setting: Setting<Settings>, provider: Int?, _ file: ConfigurationFile?) -> SettingOrigin {
        switch provider {
        case 0: .flag(flags[setting.path]?.name ?? "--set")
        case 1: .environment(setting.environmentName)
        case 2: .file(path: file?.path ?? "", line: file?.scalars[setting.path]?.line)
        default: .standard
        }
    }
}

/// Notes which provider gave each value.
private final class Origins: AccessReporter {
    private let providers = Mutex<[String: Int]>([:])

    /// The place of the provider that gave the value; nil if none did.
    func provider(of path: String) -> Int? { providers.withLock { $0[path] } }

    func report(_ event: AccessEvent) {
        let giver = event.providerResults.firstIndex { (try? $0.result.get())?.value != nil }
        let path = event.metadata.key.components.joined(separator: ".")
        providers.withLock { $0[path] = giver }
    }
}
