import SemanticCaching

/// The settings of the namespaces that fit a pattern.
struct NamespaceSection: Sendable {
    let pattern: String
    /// The values as they were written, for printing.
    let values: [(setting: Setting<NamespaceSettings>, text: String)]
    let rule: NamespaceRule

    /// The names of what differs between two files and what namespaces in use do not take over, sorted.
    static func fixedSettings(changedFrom old: [NamespaceSection], to new: [NamespaceSection]) -> [String] {
        let (old, new) = (fixedTexts(in: old), fixedTexts(in: new))
        return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    }

    private static func fixedTexts(in sections: [NamespaceSection]) -> [String: String] {
        var texts: [String: String] = [:]
        for section in sections {
            for (setting, text) in section.values where !setting.isLive {
                texts["namespaces.\(section.pattern).\(setting.path)"] = text
            }
        }
        return texts
    }
}
