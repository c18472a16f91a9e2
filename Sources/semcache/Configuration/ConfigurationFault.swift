/// Where a value of the configuration comes from.
enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    case standard
    case file(path: String, line: Int?)
    case environment(String)
    case flag(String)

    var description: String {
        switch self {
        case .standard: "default"
        case .file(let path, let line): path + (line.map { ":\($0)" } ?? "")
        case .environment(let name): "$" + name
        case .flag(let name): name
        }
    }
}

/// A configuration that cannot be used: one line that names the place, the key and what would be right.
struct ConfigurationFault: Error, Hashable, CustomStringConvertible {
    let origin: SettingOrigin
    let message: String

    var description: String { "\(origin): \(message)" }

    /// Whether the file is to be changed, and not the command.
    var isInFile: Bool { if case .file = origin { true } else { false } }

    /// Says that a value is none.
    init(_ origin: SettingOrigin, key: String, expectation: String, value: String?) {
        self.init(origin, "\(key) must be \(expectation)" + (value.map { ", not \"\(Self.shortened($0))\"" } ?? ""))
    }

    /// Says that there is no such key.
    init(_ origin: SettingOrigin, unknown key: String, known: [String]) {
        let near = Spelling.nearest(to: key, among: known)
        let hint = near.map { "; did you mean \($0)?" } ?? "; known here: \(known.joined(separator: ", "))"
        self.init(origin, "there is no setting \"\(Self.shortened(key))\"\(hint)")
    }

    init(_ origin: SettingOrigin, _ message: String) {
        self.origin = origin
        self.message = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func shortened(_ text: String) -> String { text.count <= 60 ? text : text.prefix(57) + "…" }
}
