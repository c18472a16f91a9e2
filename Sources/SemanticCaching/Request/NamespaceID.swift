/// The owner and the name of a part of the cache that has its own settings, limits, epoch and statistics.
///
///     NamespaceID(tenant: "acme", name: "faq/returns")
public struct NamespaceID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Whom the entries belong to: two tenants share nothing; empty for a cache with a single owner.
    public let tenant: String
    /// The name, with `/` between levels: settings are inherited along `faq`, `faq/*`, `faq/returns`.
    public let name: String

    /// Creates the identity of a namespace.
    public init(tenant: String = "", name: String = "default") {
        self.tenant = tenant
        self.name = name
    }

    /// The name, behind its tenant if there is one: `acme:faq/returns`.
    public var description: String { tenant.isEmpty ? name : "\(tenant):\(name)" }
}
