import ArgumentParser

/// The flags of `serve` and `config`; each is a setting that the file and the environment can hold as well.
struct SettingsFlags: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("A configuration file in YAML. [default: $SEMCACHE_CONFIG]", valueName: "file")
    )
    var config: String?

    @Option(name: .long, help: ArgumentHelp("Where requests go, with its /v1.", valueName: "url"))
    var upstream: String?

    @Option(name: .long, help: "The address to listen on. (default: 127.0.0.1)")
    var host: String?

    @Option(name: .long, help: "The port to listen on; 0 for any that is free. (default: 8080)")
    var port: String?

    @Option(name: .long, help: "The port of the admin API and the dashboard. (default: 8081)")
    var adminPort: String?

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("Folder of the cache. [default: $SEMCACHE_DATA]", valueName: "folder")
    )
    var data: String?

    @Option(name: .long, help: ArgumentHelp("File with the key of an encrypted cache.", valueName: "file"))
    var keyFile: String?

    @Option(name: .long, help: ArgumentHelp("The Redis or Valkey server that replicas share.", valueName: "url"))
    var redis: String?

    @Option(name: .long, help: "The similarity that a match must reach, from 0 to 1.")
    var threshold: String?

    @Option(name: .long, help: ArgumentHelp("The share of requests that may be answered wrong.", valueName: "share"))
    var maxError: String?

    @Flag(name: .long, help: "Match word for word only; needs no model.")
    var exact = false

    @Option(
        name: .long,
        help: ArgumentHelp("Folder of a sentence-transformers model of the BERT family.", valueName: "folder")
    )
    var model: String?

    @Option(name: .long, help: ArgumentHelp("An OpenAI-compatible server to embed with instead.", valueName: "url"))
    var embeddingURL: String?

    @Option(name: .long, help: ArgumentHelp("Name of the model on that server.", valueName: "name"))
    var embeddingModel: String?

    @Option(name: .long, help: ArgumentHelp("Components of that model's vectors.", valueName: "count"))
    var embeddingDimension: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any other setting, as in limits.body_bytes=8MiB (repeatable).", valueName: "name=value")
    )
    var assignments: [String] = []

    func validate() throws {
        do { _ = try SettingsReader.Flag.assigned(assignments) } catch let error as UsageError {
            throw ValidationError(error.message)
        }
    }

    /// Where the settings are to be read from.
    ///
    /// - Parameter file: A file to read in place of the one that the flags or the environment name.
    func reader(file: String? = nil, environment: [String: String]) -> SettingsReader {
        let named = [
            ("upstream", "--upstream", upstream), ("host", "--host", host), ("port", "--port", port),
            ("admin.port", "--admin-port", adminPort), ("data", "--data", data),
            ("redis.url", "--redis", redis), ("store.key_file", "--key-file", keyFile),
            ("defaults.threshold", "--threshold", threshold), ("defaults.maximum_error_rate", "--max-error", maxError),
            ("embedder.enabled", "--exact", exact ? "false" : nil), ("embedder.model", "--model", model),
            ("embedder.url", "--embedding-url", embeddingURL), ("embedder.name", "--embedding-model", embeddingModel),
            ("embedder.dimension", "--embedding-dimension", embeddingDimension),
        ]
        var flags: [String: SettingsReader.Flag] = [:]
        for (path, name, text) in named { flags[path] = text.map { .init(name: name, text: $0) } }
        // They were validated: what cannot be read never comes here.
        flags.merge((try? SettingsReader.Flag.assigned(assignments)) ?? [:]) { $1 }
        let variable = environment["SEMCACHE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        return SettingsReader(path: file ?? config ?? variable, flags: flags, environment: environment)
    }
}

extension SettingsReader.Flag {
    /// What `--set name=value` says, by the settings' paths.
    ///
    /// - Throws: `UsageError` for a setting that there is none of, or that is a secret.
    static func assigned(_ assignments: [String]) throws -> [String: Self] {
        var flags: [String: Self] = [:]
        for assignment in assignments {
            let name = String(assignment.prefix { $0 != "=" })
            guard name.count < assignment.count else {
                throw UsageError(message: "--set takes name=value, as in port=8080")
            }
            guard let setting = Setting<Settings>.all.first(where: { $0.path == name }) else {
                let known = Setting<Settings>.all.map(\.path)
                throw UsageError(message: ConfigurationFault(.flag("--set"), unknown: name, known: known).description)
            }
            guard !setting.isSecret else {
                throw UsageError(
                    message: "--set \(name): other users see the arguments of a program; "
                        + "put it into $\(setting.environmentName) or the file"
                )
            }
            flags[name] = .init(name: "--set \(name)", text: String(assignment.dropFirst(name.count + 1)))
        }
        return flags
    }
}
