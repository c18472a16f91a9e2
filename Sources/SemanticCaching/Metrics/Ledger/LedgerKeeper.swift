internal import StrictJSON

/// Brings what namespaces counted into the store, by day.
///
/// Requests only raise counters in memory. Now and then the difference to the last time is added to the account of the
/// day, one small value a namespace; each value is replaced whole, so a crash loses the last seconds and spoils nothing.
///
/// Callers with ever new credentials are ever new tenants: a day has a bounded number of accounts, and the namespaces
/// that come after these share one more.
actor LedgerKeeper {
    /// Whose account is that of the namespaces without one of their own.
    static let others = NamespaceID(name: "(others)")

    private let maximumAccounts: Int
    private var known: [NamespaceID: LedgerCounts] = [:]
    private var day: String?
    /// The names of the day's accounts, in the store or about to be.
    private var names: Set<String> = []
    /// The accounts of the day as they are in the store, so that they are read once.
    private var written: [String: LedgerCounts] = [:]
    private var last: Task<Void, any Error>?

    /// - Parameter maximumAccounts: How many namespaces have an account of their own on a day.
    init(maximumAccounts: Int = 4_096) { self.maximumAccounts = maximumAccounts }

    /// Writes what was counted since the last time, after whoever writes already.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`; what was not written is written the next time.
    func flush(_ accounts: [(id: NamespaceID, counts: LedgerCounts)], day: String, to store: any EntryStore)
        async throws
    {
        let previous = last
        let task = Task {
            _ = await previous?.result
            try await begin(day, in: store)
            for account in accounts { try await write(account.counts, of: account.id, day: day, to: store) }
        }
        last = task
        try await task.value
    }

    /// Forgets the accounts of the day before, once a day.
    private func begin(_ day: String, in store: any EntryStore) async throws {
        guard self.day != day else { return }
        names = Set(try await store.metadataNames(prefix: "\(NamespaceID.ledgerPrefix)\(day)/"))
        written = [:]
        self.day = day
    }

    /// The name of a namespace's account: its own, as long as there is room for one.
    private func accountName(of namespace: NamespaceID, on day: String) -> String {
        let own = namespace.ledgerName(of: day)
        if names.contains(own) { return own }
        let name = names.count < maximumAccounts ? own : Self.others.ledgerName(of: day)
        names.insert(name)
        return name
    }

    private func write(
        _ counts: LedgerCounts,
        of namespace: NamespaceID,
        day: String,
        to store: any EntryStore
    ) async throws {
        let news = counts - (known[namespace] ?? LedgerCounts())
        guard !news.isEmpty else { return }
        let name = accountName(of: namespace, on: day)
        var account: LedgerCounts
        if let kept = written[name] {
            account = kept
        } else {
            account = LedgerCounts(stored: try await store.metadata(name))
        }
        account = account + news
        try await store.setMetadata(name, to: JSONValue.object(account.json).serialized())
        known[namespace] = counts
        written[name] = account
    }
}

extension LedgerCounts {
    /// Reads an account as it is stored; one that cannot be read counts as none.
    fileprivate init(stored: [UInt8]?) {
        let object = stored.flatMap { try? JSONValue(parsing: $0) }?.objectValue
        self = object.map(LedgerCounts.init(json:)) ?? LedgerCounts()
    }
}

extension EntryStore {
    /// The accounts of all namespaces from a day on, by day and namespace.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    public func ledger(since day: String = "") async throws -> [LedgerDay] {
        var days: [LedgerDay] = []
        for name in try await metadataNames(prefix: NamespaceID.ledgerPrefix) {
            guard let entry = NamespaceID.ledgerEntry(named: name), entry.day >= day else { continue }
            let counts = LedgerCounts(stored: try await metadata(name))
            days.append(LedgerDay(day: entry.day, namespace: entry.namespace, counts: counts))
        }
        return days
    }
}
