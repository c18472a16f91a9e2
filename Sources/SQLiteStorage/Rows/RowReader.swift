internal import GRDB
internal import SemanticCaching

/// Turns rows into answers and questions: symbols resolved, checksums checked, texts opened.
struct RowReader: Sendable {
    let symbols: SymbolTable
    let cipher: TextCipher

    /// Questions with their answers: the question's columns, then the answer's.
    static func matches(where condition: String) -> String {
        """
        SELECT \(QuestionRow.columns), \(EntryRow.columns) FROM question q JOIN entry e ON e.number = q.entry \
        WHERE \(condition)
        """
    }

    /// The condition that a question `q` has the key in the one parameter, for questions in the table of keys.
    static let hasTabledKey =
        "q.number IN (SELECT question FROM question_prefix WHERE prefix = substr(?1, 1, 8)) AND q.key = ?1"

    /// The same for all questions, also those that the table does not have yet: some hundred rows are looked at.
    static let hasKey = """
        q.number IN (SELECT question FROM question_prefix WHERE prefix = substr(?1, 1, 8) UNION ALL \
        SELECT number FROM question WHERE number > (SELECT counted FROM store) AND key = ?1) AND q.key = ?1
        """

    /// The condition that a question `q` has the number and the key in the two parameters.
    static let hasNumberAndKey = "q.number = ?1 AND q.key = ?2"

    func entry(_ row: borrowing PreparedStatement, from first: Int32, in db: Database) throws -> CacheEntry {
        do {
            return try EntryRow(reading: row, from: first, symbols: symbols, in: db).opened(cipher: cipher)
        } catch let fault as StoredDataFault {
            throw Self.damaged("answer in row \(row.int(first))", fault)
        }
    }

    func question(
        _ row: borrowing PreparedStatement,
        owner: EntryID,
        withVector: Bool,
        in db: Database
    ) throws -> CachedQuestion {
        do {
            return try QuestionRow(reading: row, owner: owner, symbols: symbols, in: db)
                .opened(cipher: cipher, withVector: withVector)
        } catch let fault as StoredDataFault {
            throw Self.damaged("question \(row.int(0))", fault)
        }
    }

    /// A question with its vector; nil if it is damaged.
    func questionUnlessDamaged(
        _ row: borrowing PreparedStatement,
        owner: EntryID,
        in db: Database
    ) throws -> CachedQuestion? {
        do {
            return try question(row, owner: owner, withVector: true, in: db)
        } catch let error as CacheError where error.code == .corruptStore {
            return nil
        }
    }

    /// A question with its answer, from a row of ``matches(where:)``.
    func match(_ row: borrowing PreparedStatement, withVector: Bool, in db: Database) throws -> StoredMatch {
        let entry = try entry(row, from: QuestionRow.columnCount, in: db)
        let question = try question(row, owner: entry.id, withVector: withVector, in: db)
        return StoredMatch(question: question, entry: entry)
    }

    /// A question with its answer; nil if one of the two is damaged.
    func matchUnlessDamaged(
        _ row: borrowing PreparedStatement,
        withVector: Bool,
        in db: Database
    ) throws -> StoredMatch? {
        do {
            return try match(row, withVector: withVector, in: db)
        } catch let error as CacheError where error.code == .corruptStore {
            return nil
        }
    }

    /// An answer, from a row that starts with its columns; nil if it is damaged.
    func entryUnlessDamaged(_ row: borrowing PreparedStatement, in db: Database) throws -> CacheEntry? {
        do {
            return try entry(row, from: 0, in: db)
        } catch let error as CacheError where error.code == .corruptStore {
            return nil
        }
    }

    private static func damaged(_ what: String, _ fault: StoredDataFault) -> CacheError {
        CacheError(.corruptStore, "the \(what) is damaged: run `semcache verify --repair`", cause: fault)
    }
}

extension SQLiteStore {
    var reader: RowReader { RowReader(symbols: symbols, cipher: cipher) }
}
