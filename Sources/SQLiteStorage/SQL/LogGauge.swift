internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// How many pages the write-ahead log has, as SQLite tells after each commit.
///
/// SQLite would fold a long log into the database at the end of the commit that made it long, on the thread of whoever
/// commits, and some of our callers do so on a thread that must not block for long. With a gauge, the writer folds the log
/// when it is on a thread of its own.
final class LogGauge: Sendable {
    private let pages = Atomic(0)
    private let limit: Int

    /// - Parameter limit: pages from which on the log is to be folded in.
    init(limit: Int) { self.limit = limit }

    /// Whether the log is to be folded in.
    var isDue: Bool { pages.load(ordering: .relaxed) >= limit }

    /// Listens to the commits of a connection, which must not outlive this object, in place of SQLite's own folding.
    func attach(to db: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                let gauge = Unmanaged<LogGauge>.fromOpaque(context).takeUnretainedValue()
                gauge.pages.store(Int(pages), ordering: .relaxed)
                return SQLITE_OK
            },
            context
        )
    }

    /// Stops listening.
    func detach(from db: Database) { _ = sqlite3_wal_hook(db.sqliteConnection, nil, nil) }

    /// Folds into the database what no reader needs in the log; the next commit begins the log anew if that was all.
    func fold(_ db: Database) {
        pages.store(0, ordering: .relaxed)
        // It fails without harm: the log stays as long as it is, and the next commit tries again.
        _ = try? db.checkpoint(.passive)
    }
}
