import CacheServer
import Foundation
import OpenAI
import SemanticCaching
import Yams

/// Reads the parts of the file that are lists or tables of things.
struct SectionReader {
    let path: String

    /// The line that a node begins at.
    func line(of node: Node) -> Int { node.mark?.line ?? 1 }

    func fault(_ node: Node, _ message: String) -> ConfigurationFault {
        ConfigurationFault(.file(path: path, line: line(of: node)), message)
    }

    func fault(_ node: Node, unknown key: String, known: [String]) -> ConfigurationFault {
        ConfigurationFault(.file(path: path, line: line(of: node)), unknown: key, known: known)
    }

    /// The text of a node that is one value.
    func text(_ node: Node, _ key: String) throws -> String {
        guard let scalar = node.scalar else { throw fault(node, "\(key) must be one value") }
        return scalar.string
    }

    /// The members of a table.
    func members(of node: Node, _ key: String) throws -> [(key: Node, name: String, value: Node)] {
        guard let mapping = node.mapping else { throw fault(node, "\(key) must be a table of names and values") }
        return try mapping.map { key, value in
            guard let name = key.scalar?.string else { throw fault(key, "a key must be one word") }
            return (key, name, value)
        }
    }

    /// The values of a table whose keys are known.
    func record(_ node: Node, _ key: String, known: [String]) throws -> [String: Node] {
        var record: [String: Node] = [:]
        for (place, name, value) in try members(of: node, key) {
            guard known.contains(name) else {
                throw fault(place, unknown: "\(key).\(name)", known: known.map { "\(key).\($0)" })
            }
            record[name] = value
        }
        return record
    }

    func list(_ node: Node, _ key: String) throws -> [Node] {
        guard let sequence = node.sequence else { throw fault(node, "\(key) must be a list") }
        return Array(sequence)
    }

    /// A value of a known type.
    func value<Value>(_ node: Node, _ key: String, _ type: SettingType<Value>) throws -> Value {
        let text = try text(node, key)
        guard let value = type.read(text) else {
            throw ConfigurationFault(
                .file(path: path, line: line(of: node)),
                key: key,
                expectation: type.expectation,
                value: type.isSecret ? nil : text
            )
        }
        return value
    }

    // MARK: - Namespaces and keys

    func namespaces(_ node: Node) throws -> [NamespaceSection] {
        try members(of: node, "namespaces").map { _, pattern, table in
            let settings = Setting<NamespaceSettings>.all
            var values: [(Setting<NamespaceSettings>, String)] = []
            var changes: [@Sendable (inout NamespaceSettings) -> Void] = []
            for (place, name, value) in try members(of: table, "namespaces.\(pattern)") {
                guard let setting = settings.first(where: { $0.path == name }) else {
                    throw fault(place, unknown: name, known: settings.map(\.path))
                }
                let text = try text(value, name)
                guard let change = setting.change(text) else {
                    throw ConfigurationFault(
                        .file(path: path, line: line(of: value)),
                        key: "namespaces.\(pattern).\(name)",
                        expectation: setting.expectation,
                        value: text
                    )
                }
                values.append((setting, text))
                changes.append(change)
            }
            let rule = NamespaceRule(pattern) { [changes] settings in for change in changes { change(&settings) } }
            return NamespaceSection(pattern: pattern, values: values, rule: rule)
        }
    }

    /// Says that the section of the keys has none.
    func noKeys(_ node: Node) -> ConfigurationFault {
        fault(node, "keys must list at least one key; to serve everyone, remove the section")
    }

    func keys(_ node: Node) throws -> [AcceptedKey] {
        let forms = ["key", "sha256", "environment"]
        let items = try list(node, "keys")
        guard !items.isEmpty else { throw noKeys(node) }
        return try items.map { item in
            let record = try record(item, "keys", known: forms + ["tenant"])
            let tenant = try record["tenant"].map { try value($0, "keys.tenant", .text("a name")) }
            switch (record["key"], record["sha256"], record["environment"]) {
            case (let given?, nil, nil): return AcceptedKey(try value(given, "keys.key", .key), tenant: tenant)
            case (nil, let digest?, nil):
                guard let key = AcceptedKey(sha256: try text(digest, "keys.sha256"), tenant: tenant) else {
                    throw fault(digest, "keys.sha256 must be the 64 hexadecimal digits of the key's SHA-256")
                }
                return key
            case (nil, nil, let variable?):
                let name = try text(variable, "keys.environment")
                guard let key = APIKey(environmentVariable: name) else {
                    throw fault(variable, "keys.environment names $\(name), which holds no key")
                }
                return AcceptedKey(key, tenant: tenant)
            default: throw fault(item, "an item of keys must have one of \(forms.joined(separator: ", "))")
            }
        }
    }

    // MARK: - Rules and prices

    func timeRules(_ node: Node) throws -> [TimeRule] {
        let kinds: [(name: String, kind: QuestionPattern.Kind)] = [
            ("matches", .regularExpression), ("like", .glob), ("starts_with", .prefix),
        ]
        let known = kinds.map(\.name) + ["namespaces", "time_to_live"]
        return try list(node, "time_rules").map { item in
            let record = try record(item, "time_rules", known: known)
            let given = kinds.compactMap { kind in record[kind.name].map { (kind, $0) } }
            guard given.count == 1, let (kind, place) = given.first else {
                throw fault(item, "a time rule must have one of \(kinds.map(\.name).joined(separator: ", "))")
            }
            guard let time = record["time_to_live"] else { throw fault(item, "a time rule must have time_to_live") }
            let pattern: QuestionPattern
            do { pattern = try QuestionPattern(kind.kind, try text(place, kind.name)) } catch let error as PatternError
            {
                throw fault(place, "time_rules.\(kind.name) is not accepted: \(error)")
            }
            return TimeRule(
                question: pattern,
                timeToLive: try value(time, "time_rules.time_to_live", .duration()),
                namespaces: try record["namespaces"].map { NamespacePattern(try text($0, "time_rules.namespaces")) }
            )
        }
    }

    func eventRules(_ node: Node) throws -> [EventRule] {
        try list(node, "event_rules").map { item in
            let record = try record(item, "event_rules", known: ["on", "where"])
            guard let event = record["on"], let conditions = record["where"] else {
                throw fault(item, "an event rule must have on and where")
            }
            do {
                return try EventRule(
                    on: try value(event, "event_rules.on", .text("a name")),
                    where: try text(conditions, "event_rules.where")
                )
            } catch let error as CacheError {
                throw fault(conditions, "event_rules.where: \(error.message)")
            }
        }
    }

    func prices(_ node: Node) throws -> PriceTable {
        let record = try record(node, "prices", known: ["as_of", "models"])
        guard let date = record["as_of"] else {
            throw fault(node, "prices must say of what day they are: as_of: 2026-01-31")
        }
        let asOf = try text(date, "prices.as_of")
        guard asOf.wholeMatch(of: #/[0-9]{4}-[0-9]{2}-[0-9]{2}/#) != nil else {
            throw fault(date, "prices.as_of must be a day such as 2026-01-31, not \"\(asOf)\"")
        }
        let names = ["input", "cached_input", "output"]
        let prices = try record["models"].map { try members(of: $0, "prices.models") } ?? []
        return PriceTable(
            asOf: asOf,
            models: try prices.map { _, model, table in
                let key = "prices.models.\(model)"
                let price = try self.record(table, key, known: names).mapValues { node in
                    try value(node, key, .number(0...1_000_000.0))
                }
                guard let input = price["input"], let output = price["output"] else {
                    throw fault(table, "\(key) must have input and output, in US dollars for a million tokens")
                }
                return ModelPrice(
                    model,
                    inputPerMillion: input,
                    cachedInputPerMillion: price["cached_input"],
                    outputPerMillion: output
                )
            }
        )
    }
}
