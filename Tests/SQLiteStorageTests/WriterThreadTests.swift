import Dispatch
import GRDB
import GRDBSQLite
import SemanticCaching
import Testing

@testable import SQLiteStorage

/// The threads of tasks are few: who stores on its own thread must wait there for nobody.
@Suite(.timeLimit(.minutes(2))) struct WriterThreadTests {
    private let directory = TemporaryDirectory()

    /// The only thread that some tasks have.
    private final class OneThread: TaskExecutor {
        private let queue = DispatchQueue(label: "one thread")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    /// A person with a shell may have the database for seconds; whoever waits for that must give up its thread.
    @Test func nobodyWaitsForAnotherProcessOnItsThread() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let stranger = try DatabaseQueue(path: directory.path + "/semcache.sqlite", configuration: configuration)
        try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let thread = OneThread()
        let stored = Task(executorPreference: thread, priority: .high) { try await StoreSample.fill(store, 1...1) }
        let released = Task(executorPreference: thread, priority: .high) {
            // The other task has come to the database after a few of its turns on their thread.
            for _ in 0..<100 { await Task.yield() }
            try await stranger.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        }
        try await released.value
        try await stored.value
        #expect(try await store.match(key: StoreSample.key(1))?.entry == StoreSample.entry(1))
        try stranger.close()
        try await store.close()
    }

    private func call() -> PendingWrite {
        PendingWrite(
            order: 0,
            isShort: true,
            mayBeLost: false,
            mayLead: true,
            perform: { _ in {} },
            fail: { _ in },
            callToLead: {}
        )
    }

    private func name(_ step: WriteQueue.Step) -> String {
        switch step {
        case .nothing: "nothing"
        case .lead: "lead"
        case .drain: "drain"
        case .refuse: "refuse"
        }
    }

    /// A caller that was just asked to lead has not come to the connection yet: nothing long may come before it.
    @Test func maintenanceWaitsForWhoeverLeads() {
        var queue = WriteQueue(waitsForDisk: false)
        #expect(name(queue.add(call())) == "lead")
        #expect(name(queue.add(PendingMaintenance { _ in })) == "nothing")
        #expect(!queue.isForCallers, "whoever has not begun leaves it to the writer's own thread")
        #expect(name(queue.add(call())) == "nothing")
        #expect(name(queue.passOn(hasLongWork: false)) == "drain")
        #expect(queue.takeMaintenance() != nil)
        #expect(queue.takeMaintenance() == nil)
        #expect(name(queue.passOn(hasLongWork: false)) == "lead")
        #expect(queue.takeBatch(32).count == 2)
        #expect(name(queue.passOn(hasLongWork: false)) == "nothing")
        #expect(name(queue.add(PendingMaintenance { _ in })) == "drain", "nobody is at work")
        queue.isClosed = true
        #expect(name(queue.add(PendingMaintenance { _ in })) == "refuse")
    }

    @Test func maintenanceAndItsErrorsComeToWhoAskedForIt() async throws {
        struct Interrupted: Error {}
        let store = try await SQLiteStore.open(at: directory.path)
        await #expect(throws: CacheError.self) { try await store.writeAlone { _ in throw Interrupted() } }
        try await store.writeAlone { try $0.execute(sql: "VACUUM") }
        try await StoreSample.fill(store, 1...3)
        try await store.close()
        #expect(await errorCode { try await store.writeAlone { _ in } } == .storeUnavailable)
    }

    /// Holds the commits of a connection as long as it is closed.
    private final class CommitGate: Sendable {
        private let barrier = DispatchSemaphore(value: 0)

        func hold(_ db: Database) {
            _ = sqlite3_commit_hook(
                db.sqliteConnection,
                { context in
                    if let context { Unmanaged<CommitGate>.fromOpaque(context).takeUnretainedValue().barrier.wait() }
                    return 0
                },
                Unmanaged.passUnretained(self).toOpaque()
            )
        }

        /// Lets the one through that waits; more do not.
        func open() { barrier.signal() }

        static func remove(from db: Database) { _ = sqlite3_commit_hook(db.sqliteConnection, nil, nil) }
    }

    /// A lookup that does not find in the store what the index has takes it out of the index.
    @Test func whatIsAcknowledgedBeforeItsCommitIsFound() async throws {
        var options = SQLiteStoreOptions()
        options.durability = .acknowledgeBeforeCommit
        let store = try await SQLiteStore.open(at: directory.path, options: options)
        try await StoreSample.fill(store, 1...1)
        let gate = CommitGate()
        try await store.writeAlone { gate.hold($0) }
        // On the writer's own thread, as it takes long: its caller is told, and the commit waits.
        try await store.recordUse([EntryUse(entry: StoreSample.id(1), hits: 7)])
        let thread = OneThread()
        let used = Task(executorPreference: thread, priority: .high) {
            try await store.use(of: [StoreSample.id(1)]).first?.hits
        }
        let released = Task(executorPreference: thread, priority: .high) {
            for _ in 0..<100 { await Task.yield() }
            // Of that call, and of the empty one that waits behind it.
            gate.open()
            gate.open()
        }
        await released.value
        #expect(try await used.value == 7)
        try await store.writeAlone { CommitGate.remove(from: $0) }
        try await store.close()
    }
}
