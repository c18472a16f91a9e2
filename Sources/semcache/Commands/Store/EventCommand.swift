import ArgumentParser
import Foundation
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Tells the cache that something happened.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Remove the answers that an event makes wrong, by rules.",
        discussion: """
            A rule says which answers: --rule 'tag == "product:{id}"' with the event product_updated id=42 removes the \
            answers with the tag product:42. Conditions are joined by "and"; docs/CLI.md lists the fields.
            """
    )

    @Argument(help: "The name of the event, such as product_updated.")
    var name: String

    @Argument(help: "Details of the event, as key=value.")
    var details: [String] = []

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp("Which answers this event makes wrong; may be repeated.", valueName: "conditions")
    )
    var rules: [String] = []

    @Option(
        name: .customLong("rules"),
        help: ArgumentHelp("JSONL with rules for events: \"on\" and \"where\" in each line.", valueName: "file")
    )
    var ruleFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Configuration of serve, for its event_rules. [default: $SEMCACHE_CONFIG]",
            valueName: "file"
        )
    )
    var config: String?

    @Flag(name: .long, help: "Count what would go and show some of it; remove nothing.")
    var dryRun = false

    @OptionGroup var removal: RemovalOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !rules.isEmpty || ruleFile != nil || configurationPath != nil else {
            throw ValidationError("give a rule: --rule 'tag == \"product:{id}\"', --rules FILE or --config FILE")
        }
        _ = try event
    }

    /// The configuration that is to be read; that of the environment only if no other rules are given.
    private var configurationPath: String? {
        if let config { return config }
        guard rules.isEmpty, ruleFile == nil else { return nil }
        return ProcessInfo.processInfo.environment["SEMCACHE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private var event: CacheEvent {
        get throws {
            var values: [String: String] = [:]
            for detail in details {
                guard let equals = detail.firstIndex(of: "="), equals > detail.startIndex else {
                    throw ValidationError("\"\(detail)\" is not of the form key=value")
                }
                values[String(detail[..<equals])] = String(detail[detail.index(after: equals)...])
            }
            return CacheEvent(name, values)
        }
    }

    func run() async throws {
        let event = try event
        var known = try rules.map { try EventRule(on: name, where: $0) }
        if let ruleFile { known += try Self.rules(at: ruleFile) }
        if let configurationPath { known += try ConfigurationFile(path: configurationPath).rules.events }
        let selectors = try InvalidationRules(events: known).selectors(for: event)
        if selectors.isEmpty { Terminal.writeError("no rule is for the event \(name)") }
        let total = try await data.withStore(for: dryRun ? .reading : .writing) { store in
            try await removal.remove(selectors, from: store, dryRun: dryRun)
        }
        InvalidationReport(command: "event", total: total, isDryRun: dryRun).print(isJSON: output.json)
    }

    private static func rules(at path: String) throws -> [EventRule] {
        try DataFile.objects(at: path).map { line, object in
            guard let event = object["on"]?.stringValue, let conditions = object["where"]?.stringValue else {
                throw DataFileError(path: path, line: line, message: "\"on\" and \"where\" must be texts")
            }
            do throws(CacheError) { return try EventRule(on: event, where: conditions) } catch {
                throw DataFileError(path: path, line: line, message: error.message)
            }
        }
    }
}
