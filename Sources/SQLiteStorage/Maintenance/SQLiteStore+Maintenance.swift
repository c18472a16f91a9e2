internal import GRDB
public import SemanticCaching

extension SQLiteStore {
    /// Walks everything and checks every page, checksum, vector and link, also in copies of the indexes; repairs what it finds
    /// if asked to.
    ///
    ///     let report = try await store.verify(repair: true)
    ///     for finding in report.findings { print(finding) }
    ///
    /// Repair removes damaged answers and questions (the cache asks the model again), takes vectors away that are none
    /// (they are embedded again), rebuilds tags, keys and counts, and removes damaged copies of indexes (they are made anew). A sound store is not touched. While it is
    /// checked, the store serves; while it is repaired, calls that store wait.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `corruptStore` if the database cannot be walked at all.
    /// - Complexity: O(bytes of the store).
    public func verify(repair: Bool = false) async throws(CacheError) -> StoreReport {
        let reader = reader
        var report = try await read { db in
            var walk = StoreWalk(db: db, reader: reader)
            try db.inSavepoint {
                try walk.run()
                // It has changed nothing, and behind a broken page SQLite refuses to commit even that.
                return .rollback
            }
            return walk.report
        }
        let snapshots = try await damagedSnapshots()
        if repair, !report.isSound { report = try await repairRows() }
        for (name, fault) in snapshots { report.note(.damagedSnapshot, "\(name): \(fault)") }
        guard repair, !report.isSound else { return report }
        for (name, _) in snapshots { try await removeSnapshot(name) }
        report.isRepaired = true
        return report
    }

    private func repairRows() async throws(CacheError) -> StoreReport {
        let reader = reader
        return try await write { transaction in
            // Walked again in the transaction, as the store went on serving in between.
            var walk = StoreWalk(db: transaction.db, reader: reader)
            try walk.run()
            guard walk.isComplete else {
                throw CacheError(
                    .corruptStore,
                    "pages of the database are damaged: export what can be read and import it into a new directory"
                )
            }
            // What the calls before this one in the batch have noted is read anew below.
            _ = try transaction.ledger.write(to: transaction.db, fills: false)
            try StoreRepair(db: transaction.db, walk: walk).run()
            transaction.ledger = try StoreLedger(readingFrom: transaction.db)
            return walk.report
        }
    }

    /// The copies of indexes beside the database that are damaged, and how: every checksum, link and vector is looked at.
    private func damagedSnapshots() async throws(CacheError) -> [(name: String, fault: String)] {
        let snapshots = FileSnapshotStore(directory: directory)
        var damaged: [(name: String, fault: String)] = []
        do {
            for name in try await snapshots.names() {
                switch await snapshots.load(name) {
                case .unusable(let reason): damaged.append((name, reason))
                case .loaded(let image, _):
                    let fault = name == PartitionSnapshot.name ? image.partitionFault() : nil
                    if let fault { damaged.append((name, fault)) }
                }
            }
        } catch {
            throw .translating(error)
        }
        return damaged
    }

    private func removeSnapshot(_ name: String) async throws(CacheError) {
        do { try await FileSnapshotStore(directory: directory).remove(name) } catch { throw .translating(error) }
    }

    /// Gives space of removed answers back to the file system; returns the bytes of the files before and after.
    ///
    /// Calls that store wait meanwhile, and the disk needs room for a second copy.
    /// - Complexity: O(bytes of the store).
    @discardableResult
    public func compact() async throws(CacheError) -> (before: Int, after: Int) {
        let before = files.databaseBytes
        try await writeAlone { db in
            try db.inTransaction(.immediate) {
                try db.execute(
                    sql: """
                        DELETE FROM namespace WHERE number NOT IN (SELECT namespace FROM entry);
                        DELETE FROM symbol WHERE number NOT IN (SELECT model FROM entry)
                            AND number NOT IN (SELECT prompt_version FROM entry)
                            AND number NOT IN (SELECT partition FROM question WHERE partition NOT NULL)
                            AND number NOT IN (SELECT embedding_model FROM question WHERE embedding_model NOT NULL);
                        DELETE FROM question_prefix WHERE NOT EXISTS (SELECT 1 FROM question q
                            WHERE q.number = question AND substr(q.key, 1, 8) = prefix);
                        """
                )
                return .commit
            }
            try db.execute(sql: "VACUUM")
            // A reader may still need the log; then it is folded in later.
            _ = try? db.checkpoint(.truncate)
        }
        return (before, files.databaseBytes)
    }
}

extension SQLiteStore {
    /// What SQLite says of its `synchronous` setting on the writing connection: 1 for normal, 2 for full.
    package func synchronousLevel() async throws -> Int {
        try await write { transaction in
            var pragma = try PreparedStatement("PRAGMA synchronous", in: transaction.db)
            return try pragma.step() ? Int(pragma.int(0)) : 0
        }
    }
}
