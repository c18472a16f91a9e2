internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import SemanticCaching
internal import Synchronization

/// The one writer of the database: whatever calls arrive while a commit is under way share the next one.
///
///     callers ─► pending ─► [BEGIN  call  call  call  COMMIT] ─► acknowledge each
///
/// A lone caller waits for nothing; under load the price of a commit is divided by the callers (group commit, DeWitt et
/// al. 1984, doi:10.1145/602259.602261). A call that fails alone takes no other with it.
///
/// A batch is carried out by one of its callers, as two ways between threads cost as much as the commit: by who finds nobody
/// at work, and then by one of those who came meanwhile. Who leads gives up its thread first if the last commit had more
/// callers, so that these, resumed a moment ago, come back and share the next. What is long, or waits for the disk
/// (`synchronous = FULL`) or for another process, is done by the writer's own thread: callers are tasks, whose threads are
/// few. One at a time has the writing connection, by ``WriteQueue``, so that who leads never waits for it.
final class GroupCommitWriter: Sendable {
    private let queue: Mutex<WriteQueue>
    private let pool: DatabasePool
    private let symbols: SymbolTable
    private let recentKeys: RecentKeys
    private let cipher: TextCipher
    private let options: SQLiteStoreOptions
    private let log: LogGauge
    // Only ever touched by `drain`, one after another on the pool's writer queue; the mutex costs nothing there and
    // proves it to the compiler.
    private let ledger = Mutex<StoreLedger?>(nil)
    // Whether enough rows have come together for their keys and tags to be brought into their tables.
    private let isFillDue = Atomic(false)
    // Whether the last commit succeeded. While it did not, nobody is acknowledged early: a full disk must be told.
    private let isHealthy = Atomic(true)
    // Whether calls are acknowledged that are not committed yet.
    private let isAhead = Atomic(false)

    init(
        pool: DatabasePool,
        symbols: SymbolTable,
        recentKeys: RecentKeys,
        cipher: TextCipher,
        options: SQLiteStoreOptions
    ) {
        self.pool = pool
        self.symbols = symbols
        self.recentKeys = recentKeys
        self.cipher = cipher
        self.options = options
        queue = Mutex(WriteQueue(waitsForDisk: options.synchronous == .full))
        log = LogGauge(
            limit: max(1, options.logBytes / StoreSchema.pageSize),
            path: options.isReadOnly ? nil : pool.path
        )
        if !options.isReadOnly { pool.writeWithoutTransaction { log.attach(to: $0) } }
    }

    /// Carries out a call in the next batch, and returns when that is committed.
    ///
    /// Concurrent, so that whoever leads does not wait for the actor of its caller.
    @concurrent func submit<Result: Sendable>(
        order: UInt64,
        isShort: Bool,
        mayBeLost: Bool,
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> Result
    ) async throws(CacheError) -> Result {
        let ticket = WriteTicket<Result>()
        let write = PendingWrite(
            order: order,
            isShort: isShort,
            mayBeLost: mayBeLost,
            // Others must not wait for a task that itself waits for all that is more urgent.
            mayLead: isShort && Task.currentPriority >= .medium,
            perform: { transaction in
                let result = try body(&transaction)
                return { ticket.resume(.done(.success(result))) }
            },
            fail: { ticket.resume(.done(.failure($0))) },
            callToLead: { ticket.resume(.lead) }
        )
        take(queue.withLock { $0.add(write) }, refused: write)
        while true {
            switch await ticket.wait() {
            case .done(.success(let result)): return result
            case .done(.failure(let error)): throw CacheError.translating(error)
            case .lead:
                await awaitPeers()
                lead()
            }
        }
    }

    /// Whether something is acknowledged that is not committed yet.
    var hasUncommitted: Bool { isAhead.load(ordering: .acquiring) }

    /// Returns when everything that is acknowledged now is committed, or has failed.
    func catchUp() async {
        // The batch of an empty call is the next.
        _ = try? await submit(order: .max, isShort: true, mayBeLost: false) { _ in }
    }

    private func take(_ step: WriteQueue.Step, refused: PendingWrite? = nil) {
        switch step {
        case .nothing: break
        case .lead(let leader): leader.callToLead()
        case .drain: pool.asyncWriteWithoutTransaction { db in self.drain(db) }
        case .refuse: refused?.fail(CacheError.storeClosed)
        }
    }

    /// Lets the callers of the last batch, which its commit resumed, come back with their next calls.
    ///
    /// They would otherwise just miss this commit, and share the next with fewer. A lone caller waits for nobody.
    private func awaitPeers() async {
        for _ in 0..<Self.courtesy {
            guard queue.withLock({ $0.expectsMore }) else { return }
            await Task.yield()
        }
    }

    /// How often who leads lets others go first: once would do, if tasks of one processor did not overtake others'.
    private static let courtesy = 3

    /// Carries out one batch on this thread, and leaves the rest to one of its callers or to the writer's own thread.
    private func lead() {
        var failed: TriedBatch?
        if queue.withLock({ $0.isForCallers }) {
            pool.writeWithoutTransaction { db in
                let batch = queue.withLock { $0.isForCallers ? $0.takeBatch(WriteQueue.ledLimit) : [] }
                guard !batch.isEmpty else { return }
                // Another process may have the database for seconds, a person with a shell for one.
                sqlite3_busy_timeout(db.sqliteConnection, 0)
                defer { sqlite3_busy_timeout(db.sqliteConnection, StoreConnection.busyMilliseconds) }
                var tried = TriedBatch(batch)
                do {
                    try commit(batch[...], isLed: true, isTold: &tried.isTold, in: db)
                    isAhead.store(false, ordering: .releasing)
                } catch {
                    failed = tried
                }
            }
        }
        if let failed {
            // To make room on a full disk, or to wait for another process, takes time.
            return pool.asyncWriteWithoutTransaction { db in
                self.carryOut(failed, in: db)
                self.drain(db)
            }
        }
        let isLongDue = log.isDue || isFillDue.load(ordering: .relaxed)
        take(queue.withLock { $0.passOn(hasLongWork: isLongDue) })
    }

    /// Refuses further calls and returns when those under way are committed.
    func close() async {
        queue.withLock { $0.isClosed = true }
        // The drain that is under way, if any, stands before this on the writer's serial queue.
        await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                // So that the next opening finds everything in its table; if not, it looks through some rows more.
                if !self.options.isReadOnly { try? self.fillTables(db) }
                self.log.close(db)
                continuation.resume()
            }
        }
    }

    /// Runs work between two batches, such as what SQLite refuses inside a transaction.
    func runAlone(_ work: @escaping @Sendable (Database) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let maintenance = PendingMaintenance { db in
                let result = Result { try work(db) }
                // Also if the work failed: what it committed before that may have taken symbols away.
                self.symbols.forget()
                continuation.resume(with: result)
            }
            let step = queue.withLock { $0.add(maintenance) }
            if case .refuse = step { return continuation.resume(throwing: CacheError.storeClosed) }
            take(step)
        }
    }

    private func drain(_ db: Database) {
        for _ in 0..<Self.turn {
            if log.isDue { _ = log.fold(db) }
            // Without effect if the disk is full: the rows speak for themselves until it works.
            if isFillDue.exchange(false, ordering: .relaxed) { try? fillTables(db) }
            while let work = queue.withLock({ $0.takeMaintenance() }) { work.perform(db) }
            awaitCallers()
            let step = queue.withLock { $0.passOn(hasLongWork: false) }
            guard case .drain = step else { return take(step) }
            let batch = queue.withLock { $0.takeBatch(options.maximumBatch) }
            if !batch.isEmpty { carryOut(TriedBatch(batch), in: db) }
        }
        // Whatever else waits on the writer's queue gets its turn before the next batches.
        pool.asyncWriteWithoutTransaction { db in self.drain(db) }
    }

    /// How many batches are carried out in a row while others wait for the writer.
    private static let turn = 64

    /// Gives the callers of the last batch a moment to come back with their next calls, as ``awaitPeers()`` does.
    private func awaitCallers() {
        for _ in 0..<Self.patience {
            let isWorthIt = queue.withLock { queue in
                let isLong = queue.waitsForDisk ? queue.lastBatch > 1 : queue.lastBatch > WriteQueue.ledLimit
                return isLong && queue.expectsMore
            }
            guard isWorthIt else { return }
            sched_yield()
        }
    }

    /// How often the processor is given up for callers to come back: some tens of microseconds at most.
    private static let patience = 40

    /// Calls that share a commit, and which of their callers were acknowledged before it.
    private struct TriedBatch {
        let writes: [PendingWrite]
        /// Only ever set if the options ask for it.
        var isTold: [Bool]

        init(_ writes: [PendingWrite]) {
            self.writes = writes
            isTold = [Bool](repeating: false, count: writes.count)
        }
    }

    /// Carries out a batch on the writer's own thread, whatever that takes.
    private func carryOut(_ tried: TriedBatch, in db: Database) {
        let batch = tried.writes
        var isTold = tried.isTold
        defer { isAhead.store(false, ordering: .releasing) }
        do {
            try commit(batch[...], isLed: false, isTold: &isTold, in: db)
        } catch {
            // The log begins anew once it is folded in: on a full disk, that is the room for more commits.
            if Self.isFullDisk(error), log.fold(db),
                (try? commit(batch[...], isLed: false, isTold: &isTold, in: db)) != nil
            {
                return
            }
            guard batch.count > 1 else {
                if !isTold[0] { batch[0].fail(error) }
                return
            }
            // One of them cannot be stored, or the disk is full: each gets its own chance and its own error.
            for index in batch.indices {
                do {
                    try commit(batch[index...index], isLed: false, isTold: &isTold, in: db)
                } catch {
                    if !isTold[index] { batch[index].fail(error) }
                }
            }
        }
    }

    private static func isFullDisk(_ error: any Error) -> Bool { (error as? SQLiteFault)?.isFullDisk ?? false }

    /// Carries out calls in one transaction, then acknowledges them.
    ///
    /// - Throws: what made it impossible to carry out or commit one of them; then none of them is stored.
    private func commit(
        _ batch: ArraySlice<PendingWrite>,
        isLed: Bool,
        isTold: inout [Bool],
        in db: Database
    ) throws {
        var acknowledgements: [@Sendable () -> Void] = []
        do {
            try db.runCached("BEGIN IMMEDIATE")
            let ledger = try ledger.withLock { $0.take() } ?? StoreLedger(readingFrom: db)
            var transaction = WriteTransaction(
                db: db,
                symbols: symbols,
                recentKeys: recentKeys,
                cipher: cipher,
                ledger: ledger
            )
            for index in batch.indices {
                do {
                    let acknowledge = try batch[index].perform(&transaction)
                    guard !isTold[index] else { continue }
                    if options.durability == .acknowledgeBeforeCommit, batch[index].mayBeLost,
                        isHealthy.load(ordering: .relaxed)
                    {
                        isTold[index] = true
                        isAhead.store(true, ordering: .releasing)
                        acknowledge()
                    } else {
                        acknowledgements.append(acknowledge)
                    }
                } catch let error as CacheError where error.code == .invalidRequest && !isTold[index] {
                    // Refused before anything was written: no harm to the others.
                    let fail = batch[index].fail
                    acknowledgements.append { fail(error) }
                }
            }
            let fills = batch.isEmpty || !isLed && transaction.ledger.isFillDue
            let areKeysTabled = try transaction.ledger.write(to: db, fills: fills)
            try db.runCached("COMMIT")
            areKeysTabled ? recentKeys.removeAll() : recentKeys.settle()
            isFillDue.store(transaction.ledger.isFillDue, ordering: .relaxed)
            log.foldAhead()
            self.ledger.withLock { $0 = transaction.ledger }
            isHealthy.store(true, ordering: .relaxed)
        } catch {
            isHealthy.store(false, ordering: .relaxed)
            rollBack(db)
            throw error
        }
        for acknowledge in acknowledgements { acknowledge() }
    }

    /// Brings keys and tags of all rows into their tables.
    private func fillTables(_ db: Database) throws {
        var nobody: [Bool] = []
        try commit([], isLed: false, isTold: &nobody, in: db)
    }

    private func rollBack(_ db: Database) {
        // SQLite rolls back by itself after some errors, such as a full disk; then there is nothing to do.
        if db.isInsideTransaction { try? db.runCached("ROLLBACK") }
        ledger.withLock { $0 = nil }
        symbols.forget()
        recentKeys.rollBack()
    }
}

extension Database {
    /// Runs a statement without parameters and results.
    func runCached(_ sql: String) throws {
        var statement = try PreparedStatement(sql, in: self)
        try statement.run()
    }
}
