internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// How many pages the write-ahead log has, as SQLite tells after each commit, and who folds them into the database.
///
/// SQLite would fold a long log in at the end of the commit that made it long: some ten milliseconds with two waits for the
/// disk, on the thread of whoever commits. Here a connection of its own does it while commits go on, until little is left;
/// that little is for the writer's thread, because the log begins anew only behind a commit that finds all of it folded in.
final class LogGauge: Sendable {
    private enum Phase: UInt8, AtomicRepresentable {
        case waiting
        /// The connection of its own is at work.
        case foldingAhead
        /// The writer's thread is to fold in the rest.
        case finishing
    }

    private let pages = Atomic(0)
    /// Pages that the log has kept since it was last folded in, as a reader still needed them.
    private let kept = Atomic(0)
    private let phase = Atomic(Phase.waiting)
    private let limit: Int
    // Nil if the store only reads, or if there can be no more connections: then the writer's thread does it all.
    private let connection: DatabaseQueue?

    /// - Parameters:
    ///   - limit: Pages from which on the log is folded in.
    ///   - path: The database; nil if it is only read.
    init(limit: Int, path: String?) {
        self.limit = limit
        var configuration = Configuration()
        configuration.label = "semcache.store.log"
        connection = path.flatMap { try? DatabaseQueue(path: $0, configuration: configuration) }
    }

    /// Pages that were added since the log was last folded in.
    private var added: Int {
        let (pages, kept) = (pages.load(ordering: .relaxed), kept.load(ordering: .relaxed))
        // Fewer than were kept: the log has begun anew.
        return pages < kept ? pages : pages - kept
    }

    /// Whether the writer's thread is to fold the log in: the rest, or all of it if the log grows faster than it is folded.
    var isDue: Bool {
        switch phase.load(ordering: .acquiring) {
        case .finishing: true
        case .foldingAhead: added >= 2 * limit
        case .waiting: connection == nil && added >= limit
        }
    }

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

    /// Stops listening, and returns when nothing is folded in any more.
    func close(_ db: Database) {
        _ = sqlite3_wal_hook(db.sqliteConnection, nil, nil)
        try? connection?.close()
    }

    /// Begins to fold the log in beside the commits, if it is long.
    func foldAhead() {
        guard let connection, added >= limit,
            phase.compareExchange(expected: .waiting, desired: .foldingAhead, ordering: .acquiringAndReleasing)
                .exchanged
        else { return }
        connection.asyncWriteWithoutTransaction { [self] db in
            for _ in 0..<Self.passes {
                // It fails without harm: the log stays as long as it is.
                guard let (_, folded) = try? db.checkpoint(.passive) else { break }
                // What was committed in the meantime is folded in by another pass, unless it is little.
                if pages.load(ordering: .relaxed) - folded <= limit / 32 { break }
            }
            phase.store(.finishing, ordering: .releasing)
        }
    }

    /// How often what was committed during a pass is folded in beside the commits.
    private static let passes = 4

    /// Folds in what no reader needs in the log; returns whether that was all, so that the next commit begins it anew.
    func fold(_ db: Database) -> Bool {
        // Where the log grows faster than it is folded, commits wait.
        connection?.writeWithoutTransaction { _ in }
        let before = pages.load(ordering: .relaxed)
        let left = (try? db.checkpoint(.passive)).map { $0.walFrameCount - $0.checkpointedFrameCount }
        // Where a reader holds on to the log, or the fold failed, the next try is as many pages later.
        kept.store(left == 0 ? 0 : before, ordering: .relaxed)
        if left == 0 { pages.store(0, ordering: .relaxed) }
        phase.store(.waiting, ordering: .releasing)
        return left == 0 && before > 0
    }
}
