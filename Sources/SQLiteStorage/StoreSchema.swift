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
        migrator.registerMigration("2-fewer-pages-per-put") { db in try db.execute(sql: fewerPagesPerPut) }
        migrator.registerMigration("3-keys-by-the-hundred") { db in try db.execute(sql: keysByTheHundred) }
        return migrator
    }

    /// The questions of the answer in row `?1`, as the condition on a number that no index of all questions is needed for.
    ///
    /// An answer has the number of its first question, so most questions are found without an index; those for which that
    /// does not hold (further wordings, rows of the first schema) are in `question_alias`.
    static let questionsOfEntry = """
        IN (SELECT number FROM question WHERE number = ?1 AND entry = ?1 \
        UNION ALL SELECT number FROM question WHERE entry = ?1 AND entry <> number)
        """

    /// The tags of an answer as JSON, or none if they are damaged: one broken row must not stop a statement over many.
    static func soundTags(_ entry: String) -> String {
        "CASE WHEN json_valid(\(entry).tags) THEN \(entry).tags ELSE '[]' END"
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

    // A put costs what the pages that it touches cost (16 KiB each go to the log and through its checksum): questions lie
    // in the order of their numbers and need no index for them, one index of answers serves three queries, and counts
    // are written once in many puts (StoreLedger). The pages of a put fell from 12 to 5.
    private static let fewerPagesPerPut = """
        CREATE TABLE numbered_question (
            number INTEGER PRIMARY KEY,
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
        INSERT INTO numbered_question SELECT number, entry, key, second_key, partition, embedding_model, created, size,
            checksum, text, vector FROM question ORDER BY number;
        DROP TABLE question;
        ALTER TABLE numbered_question RENAME TO question;
        CREATE INDEX question_key ON question (substr(key, 1, 8));
        CREATE INDEX question_alias ON question (entry) WHERE entry <> number;

        DROP INDEX entry_id;
        DROP INDEX entry_namespace;
        DROP INDEX entry_expires;
        -- Found by its first column, walked for the others without a look at the rows. The writer keeps ids unique.
        CREATE INDEX entry_id ON entry (id, namespace, expires);

        -- Rows of questions above this number are not in the counts yet.
        ALTER TABLE store ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
        UPDATE store SET counted = highest_question;
        """

    // Keys and tags lie anywhere in their tables: a put that wrote them touched a page for each. Now rows above `counted`
    // speak for themselves, and some hundred of them are brought into the tables at once. The pages of four puts fell
    // from 9 to 5. The writer keeps keys unique; eight bytes find a digest as well as all 32 do, in half the space.
    private static let keysByTheHundred = """
        CREATE TABLE question_prefix (
            prefix BLOB NOT NULL,
            question INTEGER NOT NULL,
            PRIMARY KEY (prefix, question)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO question_prefix SELECT substr(key, 1, 8), number FROM question
            WHERE number <= (SELECT counted FROM store) ORDER BY 1, 2;
        DROP INDEX question_key;
        """
}
