/// `key=value` arguments, and one without a key.
struct Arguments {
    let plain: String?
    private var values: [String: String] = [:]

    init(_ arguments: some Sequence<String>) {
        var plain: String?
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { values[parts[0]] = parts[1] } else { plain = argument }
        }
        self.plain = plain
    }

    func string(_ key: String, default fallback: String) -> String { values[key] ?? fallback }

    func integer(_ key: String, default fallback: Int) -> Int { values[key].flatMap(Int.init) ?? fallback }
}
