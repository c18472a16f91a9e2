internal import GRDB
internal import SemanticCaching

/// What SQLite said when a statement failed.
struct SQLiteFault: Error, CustomStringConvertible {
    /// The extended result code.
    let code: Int32
    /// SQLite's words for it; they quote no data.
    let message: String

    /// The code without its extension.
    var primaryCode: Int32 { code & 0xFF }

    var description: String { "SQLite error \(code): \(message)" }
}

extension SQLiteFault {
    /// SQLITE_IOERR_WRITE, a macro that Swift cannot import; a limit on the size of files shows so, too.
    private static let writeFailed: Int32 = 10 | 3 << 8

    /// Whether the file is damaged.
    var isDamage: Bool { ResultCode(rawValue: primaryCode) == .SQLITE_CORRUPT }

    /// Whether the disk has no room for what was to be written.
    var isFullDisk: Bool { ResultCode(rawValue: primaryCode) == .SQLITE_FULL || code == Self.writeFailed }

    /// What the caller is told: who must act, and how.
    var cacheError: CacheError {
        switch ResultCode(rawValue: primaryCode) {
        case .SQLITE_FULL:
            CacheError(.storeUnavailable, "the disk is full, nothing was stored", cause: self)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            CacheError(
                .storeUnavailable,
                "the store's files cannot be opened or written: check permissions",
                cause: self
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            CacheError(.corruptStore, "the store's file is damaged: run `semcache verify --repair`", cause: self)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            CacheError(.storeUnavailable, "the store is busy with another process", cause: self)
        case .SQLITE_IOERR where code == Self.writeFailed:
            CacheError(.storeUnavailable, "the disk is full or does not take writes, nothing was stored", cause: self)
        case .SQLITE_IOERR:
            CacheError(.storeUnavailable, "the store's files cannot be read or written: \(message)", cause: self)
        default:
            CacheError(.storeUnavailable, "the store failed: \(message)", cause: self)
        }
    }
}

extension CacheError {
    /// Tells in the cache's terms what went wrong in the store.
    static func translating(_ error: any Error) -> CacheError {
        switch error {
        case let error as CacheError: error
        case let fault as SQLiteFault: fault.cacheError
        case is StoredDataFault:
            CacheError(.corruptStore, "a stored row is damaged: run `semcache verify --repair`", cause: error)
        // GRDB says this of a connection that was closed.
        case let error as DatabaseError where error.resultCode == .SQLITE_MISUSE: .storeClosed
        case let error as DatabaseError:
            SQLiteFault(code: error.extendedResultCode.rawValue, message: error.message ?? "no message").cacheError
        default: CacheError(.storeUnavailable, "the store failed", cause: error)
        }
    }

    static var storeClosed: CacheError { CacheError(.storeUnavailable, "the store is closed") }
}
