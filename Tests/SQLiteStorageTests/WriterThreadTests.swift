import Dispatch
import GRDB
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
}
