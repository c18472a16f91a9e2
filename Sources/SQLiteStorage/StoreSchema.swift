internal import GRDB

/// The tables and their history.
///
/// Migrations only ever go forward; docs/STORAGE-FORMAT.md describes the result.
enum StoreSchema {
    /// `SEMC` in the database header, so that no other program's database is taken for a store.
    static let applicationID: Int32 = 0x5345_4D43

    /// Large pages hold several vectors each and leave little room empty; small ones make small commits cheap.
    static let pageSize = 16384

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-entries-and-questions") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: entriesAndQuestions)
        }
        return migrator
    }

    private static let entriesAndQuestions = """
        -- One row: what must survive although no other row shows it.
        CREATE TABLE store (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            highest_question INTEGER NOT NULL,
            changes INTEGER NOT NULL,
            key_check BLOB
        ) STRICT;
        INSERT INTO store VALUES (1, 0, 0, NULL);

        -- AUTOINCREMENT, here and below: numbers are remembered by readers and must never mean something else.
        CREATE TABLE namespace (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            entries INTEGER NOT NULL DEFAULT 0,
            questions INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0,
            UNIQUE (tenant, name)
        ) STRICT;

        -- Values that repeat in many rows: models, prompt versions and partitions.
        CREATE TABLE symbol (number INTEGER PRIMARY KEY AUTOINCREMENT, value ANY NOT NULL UNIQUE) STRICT;

        CREATE TABLE entry (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            namespace INTEGER NOT NULL,
            model INTEGER NOT NULL,
            prompt_version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER,
            epoch INTEGER NOT NULL,
            latency INTEGER,
            cost REAL,
            tags TEXT,
            finish_reason TEXT NOT NULL,
            prompt_tokens INTEGER,
            cached_tokens INTEGER,
            completion_tokens INTEGER,
            reply_model TEXT,
            wire_format TEXT,
            size INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            reply ANY NOT NULL,
            wire BLOB
        ) STRICT;
        CREATE UNIQUE INDEX entry_id ON entry (id);
        CREATE INDEX entry_namespace ON entry (namespace, id);
        CREATE INDEX entry_expires ON entry (expires) WHERE expires IS NOT NULL;

        -- Rows are appended whatever the order of their numbers, so that they fill their pages to the end.
        CREATE TABLE question (
            row INTEGER PRIMARY KEY,
            number INTEGER NOT NULL,
            entry INTEGER NOT NULL,
            key BLOB NOT NULL,
            second_key BLOB NOT NULL,
            partition INTEGER,
            embedding_model INTEGER,
            created INTEGER NOT NULL,
            size INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            text ANY NOT NULL,
            vector BLOB
        ) STRICT;
        CREATE UNIQUE INDEX question_number ON question (number);
        -- Eight bytes find a digest as well as all 32 do, in half the space; the writer keeps keys unique.
        CREATE INDEX question_key ON question (substr(key, 1, 8));
        CREATE INDEX question_entry ON question (entry);

        CREATE TABLE tag (tag TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (tag, entry)) STRICT, WITHOUT ROWID;

        CREATE TABLE entry_use (entry INTEGER PRIMARY KEY, hits INTEGER NOT NULL, last INTEGER) STRICT;

        CREATE TABLE metadata (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        """
}
