internal import GRDB
internal import SemanticCaching

/// Opens the database of a store: settings, schema, and the proof that the encryption key is the right one.
enum StoreConnection {
    static func open(
        files: StoreDirectory,
        options: SQLiteStoreOptions,
        cipher: TextCipher
    ) throws -> DatabasePool {
        let path = options.isReadOnly && files.isFrozen ? files.frozenDatabaseName : files.databasePath
        let pool = try DatabasePool(path: path, configuration: configuration(options))
        if options.isReadOnly {
            try pool.read { db in
                try checkIdentity(db, path: files.databasePath)
                guard try StoreSchema.migrator.hasCompletedMigrations(db) else {
                    throw CacheError(.storeUnavailable, "the store needs an upgrade: open it for writing once")
                }
            }
        } else {
            try pool.writeWithoutTransaction { db in
                try checkIdentity(db, path: files.databasePath)
                // GRDB leaves it at NORMAL when it turns the write-ahead log on.
                if options.synchronous == .full { try db.execute(sql: "PRAGMA synchronous = FULL") }
            }
            try StoreSchema.migrator.migrate(pool)
        }
        try checkKey(pool, cipher: cipher, isReadOnly: options.isReadOnly)
        return pool
    }

    /// How long a connection waits for another process that has the database.
    static let busyMilliseconds: Int32 = 5_000

    private static func configuration(_ options: SQLiteStoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.label = "semcache.store"
        configuration.readonly = options.isReadOnly
        configuration.maximumReaderCount = max(1, options.maximumReaders)
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(Double(busyMilliseconds) / 1_000)
        let isReadOnly = options.isReadOnly
        configuration.prepareDatabase { db in
            if !isReadOnly, !db.configuration.readonly {
                // Only a new database takes it on. Readers in the pool are read-only and come later.
                try db.execute(sql: "PRAGMA page_size = \(StoreSchema.pageSize)")
                // Deleted answers are overwritten where it costs no extra write.
                try db.execute(sql: "PRAGMA secure_delete = FAST")
            }
            // In KiB. Not memory-mapped: a file that shrinks under a map would end the process with SIGBUS.
            try db.execute(sql: "PRAGMA cache_size = -32768")
        }
        return configuration
    }

    /// Checks that this is a store, and one that this version understands.
    private static func checkIdentity(_ db: Database, path: String) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        // By table: the list of migrations, which a full disk may leave alone, has an index of SQLite's own naming.
        let others = "SELECT count(*) FROM sqlite_master WHERE tbl_name NOT LIKE 'grdb_%'"
        let isEmpty = try Int.fetchOne(db, sql: others) == 0
        guard application == StoreSchema.applicationID || (application == 0 && isEmpty) else {
            throw CacheError(.invalidData, "\(path) is not a semcache store, but a database of another program")
        }
        guard try !StoreSchema.migrator.hasBeenSuperseded(db) else {
            throw CacheError(.schemaTooNew, "the store was written by a newer version of semcache: upgrade this one")
        }
    }

    /// Checks the key against the record that the first opening left.
    private static func checkKey(_ pool: DatabasePool, cipher: TextCipher, isReadOnly: Bool) throws {
        let place = TextCipher.Place(column: "store.key_check", row: [])
        let (stored, isUsed): ([UInt8]?, Bool) = try pool.read { db in
            var select = try PreparedStatement(
                "SELECT key_check, highest_question > 0 OR EXISTS (SELECT 1 FROM question) FROM store",
                in: db
            )
            guard try select.step() else { throw StoredDataFault.danglingNumber }
            return (select.optionalBytes(0), select.int(1) != 0)
        }
        switch (stored, cipher.isEncrypting) {
        case (nil, false): return
        case (nil, true):
            guard !isUsed, !isReadOnly else {
                throw CacheError(.invalidConfiguration, "the store is not encrypted: open it without a key")
            }
            let record = try cipher.seal(Array("semcache".utf8), at: place)
            try pool.write { db in
                var update = try PreparedStatement("UPDATE store SET key_check = ?", in: db)
                update.bind(record)
                try update.run()
            }
        case (.some, false):
            throw CacheError(.invalidConfiguration, "the store is encrypted: open it with its key")
        case (let stored?, true):
            guard (try? cipher.open(stored, at: place)) == Array("semcache".utf8) else {
                throw CacheError(.corruptStore, "the encryption key is not the one that this store was made with")
            }
        }
    }
}
