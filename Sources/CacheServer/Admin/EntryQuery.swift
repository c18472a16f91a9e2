internal import SemanticCaching

/// The stored answers that a request to the admin API is about.
///
/// A tenant and the name of a namespace are conditions of their own: a name alone means that namespace of every tenant.
struct EntryQuery: Sendable {
    private var filter: EntryFilter
    private var tenant: String?
    private var name: String?

    /// So many answers are read at once where the store cannot tell those that are meant.
    private static let pageSize = 256

    init(_ request: AdminRequest, filter: EntryFilter = EntryFilter()) {
        self.filter = filter
        switch (request.query("tenant"), request.query("namespace")) {
        case (let tenant?, let name?): self.filter.namespace = NamespaceID(tenant: tenant, name: name)
        case (let tenant, let name): (self.tenant, self.name) = (tenant, name)
        }
    }

    /// The next answers in the order of their ids; fewer than the limit only at the end.
    ///
    /// - Complexity: O(*n*) for *n* answers that the store holds, where only a tenant or only a name is given.
    func entries(in store: any EntryStore, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        guard tenant != nil || name != nil else {
            return try await store.entries(matching: filter, after: after, limit: limit)
        }
        var found: [CacheEntry] = []
        var last = after
        while found.count < limit {
            let page = try await store.entries(matching: filter, after: last, limit: Self.pageSize)
            guard let end = page.last else { break }
            found += page.filter { isMeant($0.namespace) }
            last = end.id
        }
        return Array(found.prefix(limit))
    }

    private func isMeant(_ namespace: NamespaceID) -> Bool {
        namespace.tenant == tenant ?? namespace.tenant && namespace.name == name ?? namespace.name
    }
}
