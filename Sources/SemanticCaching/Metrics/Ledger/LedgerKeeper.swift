internal import StrictJSON

/// Brings what namespaces counted into the store, by day.
///
/// Requests only raise counters in memory. Now and then the difference to the last time is added to the account of the
/// day, one small value a namespace; each value is replaced whole, so a crash loses the last seconds and spoils nothing.
actor LedgerKeeper {
    private var known: [NamespaceID: LedgerCounts] = [:]
    /// The accounts of the day as they are in the store, so that they are read once.
    private var written: [NamespaceID: LedgerCounts] = [:]
    private var writtenDay = ""
    private var last: Task<Void, any Error>?

    /// Writes what was counted since the last time, after whoever writes already.
    ///
    /// - Throws: ``CacheError`` with `storeUnavailable`; what was not written is written the next time.
    func flush(_ accounts: [(id: NamespaceID, counts: LedgerCounts)], day: String, to store: any EntryStore)
        async throws
    {
        let previous = last
        let task = Task {
            _ = await previous?.result
            for account in accounts { try await write(account.counts, of: account.id, day: day, to: store) }
        }
        last = task
        try await task.value
    }

    private func write(
        _ counts: LedgerCounts,
        of namespace: NamespaceID,
        day: String,
        to store: any EntryStore
    ) async throws {
        let news = counts - (known[namespace] ?? LedgerCounts())
        guard !news.isEmpty else { return }
        if day != writtenDay { (writtenDay, written) = (day, [:]) }
        let name = namespace.ledgerName(of: day)
        var account: LedgerCounts
        if let kept = written[namespace] {
            account = kept
        } else {
            account = LedgerCounts(stored: try await store.metadata(name))
        }
        account = account + news
        try await store.setMetadata(name, to: JSONValue.object(account.json).serialized())
        known[namespace] = counts
        written[namespace] = account
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
