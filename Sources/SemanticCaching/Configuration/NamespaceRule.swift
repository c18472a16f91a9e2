/// Settings for all namespaces whose name fits a pattern.
///
///     NamespaceRule("faq/*") { $0.threshold = 0.85 }
public struct NamespaceRule: Sendable {
    /// The names that the rule is for.
    public let pattern: NamespacePattern
    /// Changes the settings that the namespace has so far.
    public let apply: @Sendable (inout NamespaceSettings) -> Void

    /// Creates a rule.
    public init(_ pattern: String, _ apply: @escaping @Sendable (inout NamespaceSettings) -> Void) {
        self.pattern = NamespacePattern(pattern)
        self.apply = apply
    }
}
