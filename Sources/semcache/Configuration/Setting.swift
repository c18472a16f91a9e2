/// One setting: its name, the values it takes and where they go.
///
/// A table of these is all that the file, the environment, the flags and `config --print` know of the configuration: what
/// is not in it does not exist.
struct Setting<Root>: Sendable {
    /// The name: the keys of the file, joined by dots.
    let path: String
    /// What it is for, in a line.
    let summary: String
    /// Completes the sentence "… must be".
    let expectation: String
    /// Whether no print and no error may show the value.
    let isSecret: Bool
    /// Whether a running server takes over a change.
    let isLive: Bool
    /// The variable of the environment that sets it.
    let environmentName: String
    /// Reads a value and returns the change that sets it; nil if the text is no value.
    let change: @Sendable (String) -> (@Sendable (inout Root) -> Void)?
    /// Writes the value as it is.
    let text: @Sendable (Root) -> String
    /// Whether it has the same value in both, which a secret does not show.
    let isSame: @Sendable (Root, Root) -> Bool

    /// Describes the setting that lies at a key path.
    init<Value>(
        _ path: String,
        _ keyPath: any WritableKeyPath<Root, Value> & Sendable,
        _ type: SettingType<Value>,
        _ summary: String,
        isLive: Bool = true,
        environment: String? = nil
    ) {
        self.path = path
        self.summary = summary
        self.isLive = isLive
        expectation = type.expectation
        isSecret = type.isSecret
        environmentName =
            environment ?? "SEMCACHE_"
            + path.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
        change = { text in
            guard let value = type.read(text) else { return nil }
            return { root in root[keyPath: keyPath] = value }
        }
        text = { type.write($0[keyPath: keyPath]) }
        isSame = { type.isSame($0[keyPath: keyPath], $1[keyPath: keyPath]) }
    }

    /// Describes a setting that may be absent, which is written `none`.
    init<Value>(
        _ path: String,
        _ keyPath: any WritableKeyPath<Root, Value?> & Sendable,
        _ type: SettingType<Value>,
        _ summary: String,
        isLive: Bool = true,
        environment: String? = nil
    ) {
        self.init(path, keyPath, type.orNone, summary, isLive: isLive, environment: environment)
    }

    /// The setting of a part, as a setting of the whole that has the part.
    init<Part>(_ group: String, _ keyPath: any WritableKeyPath<Root, Part> & Sendable, _ setting: Setting<Part>) {
        path = "\(group).\(setting.path)"
        summary = setting.summary
        isLive = setting.isLive
        expectation = setting.expectation
        isSecret = setting.isSecret
        environmentName = "SEMCACHE_" + path.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
        change = { text in
            guard let change = setting.change(text) else { return nil }
            return { root in change(&root[keyPath: keyPath]) }
        }
        text = { setting.text($0[keyPath: keyPath]) }
        isSame = { setting.isSame($0[keyPath: keyPath], $1[keyPath: keyPath]) }
    }

    /// The keys of the file.
    var components: [String] { path.split(separator: ".").map(String.init) }
}
