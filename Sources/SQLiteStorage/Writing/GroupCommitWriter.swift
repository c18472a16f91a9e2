internal import GRDB
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
/// Who finds nobody at work commits on its own thread, as two ways between threads cost as much as the commit; whatever
/// came meanwhile is left to the writer's own thread. Only calls of microseconds do so, and never when a commit waits for
/// the disk (`synchronous = FULL`) or the log is to be folded in: callers are tasks, whose threads are few.
final class GroupCommitWriter: Sendable {
    private struct Queue {
        var pending: [PendingWrite] = []
        /// Whether somebody carries out batches, or is about to.
        var isDraining = false
        /// Work outside of batches that has the writing connection or waits for it.
        var maintenance = 0
        var isClosed = false

        /// Takes the calls that share the next commit, in their order.
        mutating func takeBatch(_ limit: Int) -> [PendingWrite] {
            let batch = pending.prefix(limit).sorted { $0.order < $1.order }
            pending.removeFirst(batch.count)
            return batch
        }
    }

    private let queue = Mutex(Queue())
    private let pool: DatabasePool
    private let symbols: SymbolTable
    private let recentKeys: RecentKeys
    private let cipher: TextCipher
    private let options: SQLiteStoreOptions
    private let log: LogGauge
    // Only ever touched by `drain`, one after another on the pool's writer queue; the mutex costs nothing there and
    // proves it to the compiler.
    private let ledger = Mutex<StoreLedger?>(nil)
    // Whether the last commit succeeded. While it did not, nobody is acknowledged early: a full disk must be told.
    private let isHealthy = Atomic(true)

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
        log = LogGauge(limit: max(1, options.logBytes / StoreSchema.pageSize))
        if !options.isReadOnly { pool.writeWithoutTransaction { log.attach(to: $0) } }
    }

    /// Carries out a call in the next batch, and returns when that is committed.
    func submit<Result: Sendable>(
        order: UInt64,
        isShort: Bool,
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> Result
    ) async throws(CacheError) -> Result {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                let write = PendingWrite(
                    order: order,
                    isShort: isShort,
                    perform: { transaction in
                        let result = try body(&transaction)
                        return { continuation.resume(returning: result) }
                    },
                    fail: { continuation.resume(throwing: $0) }
                )
                enqueue(write)
            }
        } catch {
            throw CacheError.translating(error)
        }
    }

    private func enqueue(_ write: PendingWrite) {
        enum Next {
            case nothing
            case lead
            case drain
            case refuse
        }
        let next: Next = queue.withLock { queue in
            guard !queue.isClosed else { return .refuse }
            queue.pending.append(write)
            guard !queue.isDraining else { return .nothing }
            queue.isDraining = true
            let mayLead = write.isShort && options.synchronous == .normal && queue.maintenance == 0
            return mayLead ? .lead : .drain
        }
        switch next {
        case .nothing: break
        case .lead: lead()
        case .drain: pool.asyncWriteWithoutTransaction { db in self.drain(db) }
        case .refuse: write.fail(CacheError.storeClosed)
        }
    }

    /// Carries out one batch on this thread, and leaves the rest to the writer's own.
    private func lead() {
        pool.writeWithoutTransaction { db in
            let batch: [PendingWrite] = queue.withLock { queue in
                // Whatever takes longer came in between, and waits for the writer's thread.
                guard queue.maintenance == 0, queue.pending.allSatisfy(\.isShort) else { return [] }
                return queue.takeBatch(options.maximumBatch)
            }
            if !batch.isEmpty { carryOut(batch, in: db) }
        }
        let goesOn = queue.withLock { queue in
            queue.isDraining = !queue.pending.isEmpty || log.isDue
            return queue.isDraining
        }
        if goesOn { pool.asyncWriteWithoutTransaction { db in self.drain(db) } }
    }

    /// Refuses further calls and returns when those under way are committed.
    func close() async {
        queue.withLock { $0.isClosed = true }
        // The drain that is under way, if any, stands before this on the writer's serial queue.
        await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                self.log.detach(from: db)
                continuation.resume()
            }
        }
    }

    /// Runs work between two batches, such as what SQLite refuses inside a transaction.
    func runAlone(_ work: @escaping @Sendable (Database) throws -> Void) async throws {
        // Nobody may wait for it on a caller's thread.
        queue.withLock { $0.maintenance += 1 }
        defer { queue.withLock { $0.maintenance -= 1 } }
        try await pool.writeWithoutTransaction { db in
            try work(db)
            self.symbols.forget()
        }
    }

    private func drain(_ db: Database) {
        var callers = 1
        for _ in 0..<Self.turn {
            if log.isDue { log.fold(db) }
            awaitCallers(callers)
            let batch: [PendingWrite] = queue.withLock { queue in
                let batch = queue.takeBatch(options.maximumBatch)
                if batch.isEmpty { queue.isDraining = false }
                return batch
            }
            guard !batch.isEmpty else { return }
            callers = batch.count
            carryOut(batch, in: db)
        }
        // Maintenance that waits on the writer's queue gets its turn before the next batches.
        pool.asyncWriteWithoutTransaction { db in self.drain(db) }
    }

    /// How many batches are carried out in a row while others wait for the writer.
    private static let turn = 64

    /// Gives the callers of the last batch a moment to come back with their next calls.
    ///
    /// Callers that store one answer after the other are resumed by the commit and would just miss the next one, which
    /// they would then share with nobody. A lone caller is never waited for.
    private func awaitCallers(_ count: Int) {
        guard count > 1 else { return }
        for _ in 0..<Self.patience {
            guard queue.withLock({ $0.pending.count }) < count else { return }
            sched_yield()
        }
    }

    /// How often the processor is given up for callers to come back: some tens of microseconds at most.
    private static let patience = 40

    private func carryOut(_ batch: [PendingWrite], in db: Database) {
        // Whose callers were acknowledged already; only ever set before a commit if the options ask for it.
        var isTold = [Bool](repeating: false, count: batch.count)
        do {
            try commit(batch[...], isTold: &isTold, in: db)
        } catch {
            guard batch.count > 1 else {
                if !isTold[0] { batch[0].fail(error) }
                return
            }
            // One of them cannot be stored, or the disk is full: each gets its own chance and its own error.
            for index in batch.indices {
                do {
                    try commit(batch[index...index], isTold: &isTold, in: db)
                } catch {
                    if !isTold[index] { batch[index].fail(error) }
                }
            }
        }
    }

    /// Carries out calls in one transaction, then acknowledges them.
    ///
    /// - Throws: what made it impossible to carry out or commit one of them; then none of them is stored.
    private func commit(_ batch: ArraySlice<PendingWrite>, isTold: inout [Bool], in db: Database) throws {
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
                    if options.durability == .acknowledgeBeforeCommit, isHealthy.load(ordering: .relaxed) {
                        isTold[index] = true
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
            let areKeysTabled = try transaction.ledger.write(to: db)
            try db.runCached("COMMIT")
            if areKeysTabled { recentKeys.removeAll() }
            self.ledger.withLock { $0 = transaction.ledger }
            isHealthy.store(true, ordering: .relaxed)
        } catch {
            isHealthy.store(false, ordering: .relaxed)
            rollBack(db)
            throw error
        }
        for acknowledge in acknowledgements { acknowledge() }
    }

    private func rollBack(_ db: Database) {
        // SQLite rolls back by itself after some errors, such as a full disk; then there is nothing to do.
        if db.isInsideTransaction { try? db.runCached("ROLLBACK") }
        ledger.withLock { $0 = nil }
        symbols.forget()
    }
}

extension Database {
    /// Runs a statement without parameters and results.
    func runCached(_ sql: String) throws {
        var statement = try PreparedStatement(sql, in: self)
        try statement.run()
    }
}
