import CacheServer
import SemanticCaching

/// Writes the settings in effect as a file that could be read again, each with its origin; secrets do not show.
struct SettingsPrinter {
    private let outcome: SettingsReader.Outcome
    private var lines: [(text: String, origin: String?)] = []

    init(_ outcome: SettingsReader.Outcome) {
        self.outcome = outcome
    }

    /// The whole text.
    static func text(of outcome: SettingsReader.Outcome) -> String {
        var printer = SettingsPrinter(outcome)
        printer.printSettings()
        printer.printLists()
        let width = min(60, printer.lines.filter { $0.origin != nil }.map(\.text.count).max() ?? 0)
        return printer.lines.map { line in
            guard let origin = line.origin else { return line.text }
            return line.text + String(repeating: " ", count: max(0, width - line.text.count)) + "  # \(origin)"
        }.joined(separator: "\n")
    }

    private mutating func printSettings() {
        var group: String?
        for setting in Setting<Settings>.all {
            let components = setting.components
            let parent = components.count > 1 ? components[0] : nil
            if parent != group, let parent { lines.append(("\(parent):", nil)) }
            group = parent
            let text = setting.text(outcome.settings)
            let isHidden = setting.isSecret && text != "none"
            let name = (parent == nil ? "" : "  ") + (components.last ?? "")
            let origin = outcome.origins[setting.path] ?? .standard
            // What is hidden stands as a comment: read again, the word must not become a key.
            if isHidden {
                lines.append(("\(parent == nil ? "" : "  ")# \(components.last ?? ""): [redacted]", origin.description))
            } else {
                lines.append(("\(name): \(Self.quoted(text))", origin.description))
            }
        }
    }

    private mutating func printLists() {
        let settings = outcome.settings
        if !settings.keys.isEmpty { lines.append(("# keys: \(settings.keys.count) accepted", nil)) }
        if !outcome.namespaces.isEmpty { lines.append(("namespaces:", nil)) }
        for section in outcome.namespaces {
            lines.append(("  \(Self.quoted(section.pattern)):", nil))
            for (setting, text) in section.values { lines.append(("    \(setting.path): \(Self.quoted(text))", nil)) }
        }
        let rules = settings.cache.invalidation
        if !rules.times.isEmpty { lines.append(("time_rules:", nil)) }
        for rule in rules.times {
            let kind =
                switch rule.question.kind {
                case .prefix: "starts_with"
                case .glob: "like"
                case .regularExpression: "matches"
                }
            lines.append(("  - \(kind): \(Self.quoted(rule.question.text))", nil))
            if let namespaces = rule.namespaces {
                lines.append(("    namespaces: \(Self.quoted(namespaces.text))", nil))
            }
            lines.append(("    time_to_live: \(DurationText.write(rule.timeToLive))", nil))
        }
        if !rules.events.isEmpty { lines.append(("event_rules:", nil)) }
        for rule in rules.events {
            lines.append(("  - on: \(Self.quoted(rule.event))", nil))
            lines.append(("    where: \(Self.quoted(rule.text))", nil))
        }
        lines.append(("prices:", nil))
        lines.append(("  as_of: \(settings.prices.asOf)", nil))
        lines.append(("  models:", nil))
        for price in settings.prices.models {
            let values = "input: \(price.inputPerMillion), cached_input: \(price.cachedInputPerMillion)"
            lines.append(("    \(Self.quoted(price.modelPrefix)): {\(values), output: \(price.outputPerMillion)}", nil))
        }
    }

    /// The text as a YAML scalar: as it is where that is safe, else in double quotes.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.wholeMatch(of: #/[A-Za-z0-9_.\/~][A-Za-z0-9_.\/+~-]*(:\/\/[A-Za-z0-9_.:\/+~-]*[A-Za-z0-9_\/])?/#)
            != nil
        if isPlain { return text }
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
