import CacheServer
import Foundation
import SemanticCaching
import Yams

/// The configuration file, read and checked key by key; what is wrong is told with its line.
struct ConfigurationFile {
    /// A value with one line of text.
    struct Scalar: Hashable, Sendable {
        let text: String
        let line: Int
    }

    /// The path of the file, as it was given.
    let path: String
    /// The settings that have one value, by their paths.
    private(set) var scalars: [String: Scalar] = [:]
    /// The settings of namespaces, in the order of the file.
    private(set) var namespaces: [NamespaceSection] = []
    /// The keys that are accepted.
    private(set) var keys: [AcceptedKey] = []
    /// What makes answers wrong or short-lived.
    private(set) var rules = InvalidationRules()
    /// What models charge; nil if the file does not say.
    private(set) var prices: PriceTable?

    private static let sections = ["keys", "namespaces", "time_rules", "event_rules", "prices"]

    /// Reads a file.
    ///
    /// - Throws: ``ConfigurationFault``.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationFault(.file(path: path, line: nil), "the file cannot be read")
        }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw ConfigurationFault(.file(path: path, line: nil), "the file is not UTF-8")
        }
        try self.init(yaml: text, path: path)
    }

    /// Reads the text of a file.
    ///
    /// - Throws: ``ConfigurationFault``.
    init(yaml: String, path: String) throws {
        self.path = path
        let root: Node?
        do { root = try Yams.compose(yaml: yaml) } catch { throw Self.fault(of: error, path: path) }
        guard let root, !root.isNothing else { return }
        let reader = SectionReader(path: path)
        for (key, name, value) in try reader.members(of: root, "the file") {
            if Self.sections.contains(name) {
                try read(section: name, value, reader)
            } else {
                try read(key, value, at: name, reader)
            }
        }
    }

    private mutating func read(section name: String, _ node: Node, _ reader: SectionReader) throws {
        guard !node.isNothing else {
            // An empty list of keys would serve everyone: that must be meant.
            if name == "keys" { throw reader.noKeys(node) }
            return
        }
        switch name {
        case "keys": keys = try reader.keys(node)
        case "namespaces": namespaces = try reader.namespaces(node)
        case "time_rules": rules.times = try reader.timeRules(node)
        case "event_rules": rules.events = try reader.eventRules(node)
        default: prices = try reader.prices(node)
        }
    }

    private mutating func read(_ key: Node, _ value: Node, at path: String, _ reader: SectionReader) throws {
        let settings = Setting<Settings>.all
        if settings.contains(where: { $0.path == path }) {
            scalars[path] = Scalar(text: try reader.text(value, path), line: reader.line(of: value))
        } else if settings.contains(where: { $0.path.hasPrefix(path + ".") }) {
            guard !value.isNothing else { return }
            for (key, name, value) in try reader.members(of: value, path) {
                try read(key, value, at: "\(path).\(name)", reader)
            }
        } else {
            let group = path.split(separator: ".").dropLast().joined(separator: ".")
            let prefix = group.isEmpty ? "" : group + "."
            var known: [String] = []
            for setting in settings where setting.path.hasPrefix(prefix) {
                let name = prefix + (setting.path.dropFirst(prefix.count).split(separator: ".").first ?? "")
                if !known.contains(name) { known.append(name) }
            }
            throw reader.fault(key, unknown: path, known: known + (group.isEmpty ? Self.sections : []))
        }
    }

    private static func fault(of error: any Error, path: String) -> ConfigurationFault {
        let (line, problem): (Int?, String) =
            switch error as? YamlError {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            case .duplicatedKeysInMapping(let names, let context):
                (context.mark.line, "the key \(names.sorted().joined(separator: ", ")) is there twice")
            case .reader(let problem, _, _, _): (nil, problem)
            default: (nil, "it cannot be read")
            }
        return ConfigurationFault(.file(path: path, line: line), "this is not YAML: \(problem)")
    }
}

extension Node {
    /// Whether nothing is written here.
    var isNothing: Bool {
        guard let scalar else { return false }
        return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }
}
