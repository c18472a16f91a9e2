internal import GRDB
public import SemanticCaching

extension SQLiteStore {
    /// Walks everything and checks every page, checksum, vector and link; repairs what it finds if asked to.
    ///
    ///     let report = try await store.verify(repair: true)
    ///     for finding in report.findings { print(finding) }
    ///
    /// Repair removes damaged answers and questions (the cache asks the model again), takes vectors away that are none
    /// (they are embedded again), and rebuilds tags, indexes and counts. A sound store is not touched. While it is
    /// checked, the store serves; while it is repaired, calls that store wait.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `corruptStore` if the database cannot be walked at all.
    /// - Complexity: O(bytes of the store).
    public func verify(repair: Bool = false) async throws(CacheError) -> StoreReport {
        let reader = reader
        let report = try await read { db in
            var walk = StoreWalk(db: db, reader: reader)
            try db.inSavepoint {
                try walk.run()
                return .commit
            }
            return walk.report
        }
        guard repair, !report.isSound else { return report }
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
            try StoreRepair(db: transaction.db, walk: walk).run()
            transaction.ledger = try StoreLedger(readingFrom: transaction.db)
            var report = walk.report
            report.isRepaired = true
            return report
        }
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
