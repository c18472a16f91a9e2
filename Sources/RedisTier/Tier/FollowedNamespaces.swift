internal import SemanticCaching

/// How much of the shared tier a replica holds; pure.
struct FollowedNamespaces: Sendable {
    /// A namespace, when it was used last, and what it occupies here.
    struct Usage: Sendable {
        let namespace: NamespaceID
        let usedAt: Int64
        let bytes: Int

        init(_ namespace: NamespaceID, usedAt: Int64, bytes: Int) {
            self.namespace = namespace
            self.usedAt = usedAt
            self.bytes = bytes
        }
    }

    let maximumCount: Int
    /// Nil for as much as there is.
    let maximumBytes: Int?

    /// Those that have to go for the limits to hold, least recently used first.
    ///
    /// The one that was used last stays whatever it occupies: it would only be read anew at once.
    /// - Complexity: O(*n* log *n*) for *n* namespaces beyond a limit, O(*n*) within the limits.
    func excess(of usages: [Usage]) -> [Usage] {
        var count = usages.count
        var bytes = usages.reduce(0) { $0 + $1.bytes }
        func isTooMuch() -> Bool { count > maximumCount || maximumBytes.map { bytes > $0 } ?? false }
        guard isTooMuch() else { return [] }
        var gone: [Usage] = []
        for usage in usages.sorted(by: { $0.usedAt < $1.usedAt }).dropLast() where isTooMuch() {
            gone.append(usage)
            count -= 1
            bytes -= usage.bytes
        }
        return gone
    }
}
