internal import GRDB
internal import GRDBSQLite

/// A cached statement, bound and read by position without boxing: the only place that touches SQLite's C interface.
///
///     var statement = try PreparedStatement("SELECT value FROM metadata WHERE name = ?", in: db)
///     statement.bind(name)
///     guard try statement.step() else { return nil }
///     return statement.bytes(0)
///
/// It is reset when it goes out of scope. A statement must be used on the queue of its connection, as GRDB demands of
/// its own; the same SQL must not be prepared again on that connection while it is in use.
struct PreparedStatement: ~Copyable {
    // Kept, because it owns the pointer below.
    private let statement: Statement
    private let pointer: SQLiteStatement
    private let connection: SQLiteConnection?
    private var bound: Int32 = 0

    init(_ sql: String, in db: Database) throws {
        statement = try db.cachedStatement(sql: sql)
        pointer = statement.sqliteStatement
        connection = db.sqliteConnection
    }

    deinit {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    /// Binds the next parameter; SQLite copies texts and bytes.
    mutating func bind(_ value: Int64?) {
        bound += 1
        guard let value else { return check(sqlite3_bind_null(pointer, bound)) }
        check(sqlite3_bind_int64(pointer, bound, value))
    }

    mutating func bind(_ value: Double?) {
        bound += 1
        guard let value else { return check(sqlite3_bind_null(pointer, bound)) }
        check(sqlite3_bind_double(pointer, bound, value))
    }

    mutating func bind(_ text: String) {
        var text = text
        text.withUTF8 { bindText($0) }
    }

    mutating func bind(_ text: String?) {
        guard let text else { return bindNull() }
        bind(text)
    }

    mutating func bind(_ bytes: [UInt8]?) {
        guard let bytes else { return bindNull() }
        bytes.withUnsafeBytes { bindBlob($0) }
    }

    /// Binds bytes that are UTF-8 as a text.
    mutating func bind(utf8 bytes: [UInt8]) { bytes.withUnsafeBufferPointer { bindText($0) } }

    /// Binds a vector as its components' bytes.
    mutating func bind(_ vector: [Float]?) {
        guard let vector else { return bindNull() }
        vector.withUnsafeBytes { bindBlob($0) }
    }

    mutating func bindNull() {
        bound += 1
        check(sqlite3_bind_null(pointer, bound))
    }

    private mutating func bindText(_ bytes: UnsafeBufferPointer<UInt8>) {
        bound += 1
        // An empty buffer may have no address, which SQLite would take for NULL.
        guard let base = bytes.baseAddress, !bytes.isEmpty else {
            return check(sqlite3_bind_text(pointer, bound, "", 0, Self.transient))
        }
        let result = base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            sqlite3_bind_text64(
                pointer,
                bound,
                $0,
                sqlite3_uint64(bytes.count),
                Self.transient,
                UInt8(SQLITE_UTF8)
            )
        }
        check(result)
    }

    private mutating func bindBlob(_ bytes: UnsafeRawBufferPointer) {
        bound += 1
        guard let base = bytes.baseAddress, !bytes.isEmpty else {
            return check(sqlite3_bind_zeroblob(pointer, bound, 0))
        }
        check(sqlite3_bind_blob64(pointer, bound, base, sqlite3_uint64(bytes.count), Self.transient))
    }

    // SQLITE_TRANSIENT is a C macro that Swift cannot import.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private var failure: Int32 = SQLITE_OK

    // A failed binding (a text beyond SQLite's limit, no memory) is thrown by the next step.
    private mutating func check(_ code: Int32) {
        if failure == SQLITE_OK { failure = code }
    }

    /// Runs up to the next row; false at the end.
    mutating func step() throws(SQLiteFault) -> Bool {
        guard failure == SQLITE_OK else { throw fault(failure) }
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw fault(code)
        }
    }

    /// Runs up to the next row; false at the end, or at a broken page.
    mutating func stepUnlessDamaged() throws(SQLiteFault) -> Bool {
        do throws(SQLiteFault) {
            return try step()
        } catch {
            guard error.isDamage else { throw error }
            return false
        }
    }

    /// Runs to the end.
    mutating func run() throws(SQLiteFault) { while try step() {} }

    private func fault(_ code: Int32) -> SQLiteFault {
        let extended = connection.map { sqlite3_extended_errcode($0) } ?? code
        return SQLiteFault(code: extended, message: String(cString: sqlite3_errstr(code)))
    }

    /// Starts over with no parameters bound.
    mutating func reset() {
        sqlite3_reset(pointer)
        bound = 0
        failure = SQLITE_OK
    }
}

extension PreparedStatement {
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

    /// Whether the column holds bytes and not a text.
    func isBlob(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_BLOB }

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

    func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

    func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : sqlite3_column_double(pointer, column) }

    /// The bytes of a text or BLOB in SQLite's own memory, valid during the call.
    func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let base = sqlite3_column_blob(pointer, column)
        return try body(UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

    func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

    func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The vector in a column, copied once out of SQLite's page; nil for NULL and for a length that is no multiple of 4.
    func vector(_ column: Int32) -> [Float]? {
        guard !isNull(column) else { return nil }
        return withBytes(column) { bytes in
            guard bytes.count % 4 == 0 else { return nil }
            return [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                count = bytes.count / 4
            }
        }
    }
}
