/// The names under which a store keeps small values of a namespace.
extension NamespaceID {
    static var epochPrefix: String { "epoch/" }
    static var policyPrefix: String { "policy/" }
    static var tuningPrefix: String { "tuning/" }
    static var ledgerPrefix: String { "ledger/" }

    /// The name of the namespace's epoch.
    package var epochName: String { storedName(Self.epochPrefix) }

    /// The name of the namespace's learned policy.
    package var policyName: String { storedName(Self.policyPrefix) }

    /// The name of what was judged of the namespace's answers.
    package var judgedAnswersName: String { storedName("judged/") }

    /// The name of the namespace's tuned settings.
    var tuningName: String { storedName(Self.tuningPrefix) }

    /// Reads a namespace from the name of its tuned settings.
    init?(tuningName: String) { self.init(storedName: tuningName, prefix: Self.tuningPrefix) }

    /// Reads a namespace from the name of its epoch.
    package init?(epochName: String) { self.init(storedName: epochName, prefix: Self.epochPrefix) }

    /// Reads a namespace from the name of its learned policy.
    package init?(policyName: String) { self.init(storedName: policyName, prefix: Self.policyPrefix) }

    /// The name of the namespace's account of a day, such as `2026-11-21`.
    func ledgerName(of day: String) -> String { storedName("\(Self.ledgerPrefix)\(day)/") }

    /// Reads a day and a namespace from the name of its account.
    static func ledgerEntry(named name: String) -> (day: String, namespace: NamespaceID)? {
        guard name.hasPrefix(ledgerPrefix) else { return nil }
        let day = name.dropFirst(ledgerPrefix.count).prefix { $0 != "/" }
        return NamespaceID(storedName: name, prefix: "\(ledgerPrefix)\(day)/").map { (String(day), $0) }
    }

    /// The length of the tenant keeps tenant and name apart, whatever they are.
    private func storedName(_ prefix: String) -> String { "\(prefix)\(tenant.utf8.count):\(tenant)\(name)" }

    private init?(storedName: String, prefix: String) {
        guard storedName.hasPrefix(prefix) else { return nil }
        let rest = storedName.dropFirst(prefix.count)
        guard let colon = rest.firstIndex(of: ":"), let length = Int(rest[..<colon]) else { return nil }
        let both = rest[rest.index(after: colon)...].utf8
        guard length >= 0, length <= both.count else { return nil }
        let middle = both.index(both.startIndex, offsetBy: length)
        guard let tenant = String(both[..<middle]), let name = String(both[middle...]) else { return nil }
        self.init(tenant: tenant, name: name)
    }
}
