import SQLiteStorage
import SemanticCaching
import Testing

/// Whoever stores may have to commit for the others: nobody's actor, priority or long work may hold them up or lose a call.
@Suite struct GroupCommitTests {
    private let directory = TemporaryDirectory()

    private actor Caller {
        func store(_ numbers: [UInt64], in store: SQLiteStore) async throws {
            for number in numbers {
                _ = try await store.insert(StoreSample.entry(number), question: StoreSample.question(number))
            }
        }
    }

    @MainActor private static func storeOnMainActor(_ numbers: [UInt64], in store: SQLiteStore) async throws {
        try await Caller().store(numbers, in: store)
        for number in numbers { try await store.recordUse([EntryUse(entry: StoreSample.id(number), hits: 1)]) }
    }

    @Test func callersOfEveryKindShareTheWriter() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        let priorities: [TaskPriority] = [.background, .low, .medium, .high, .userInitiated]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<40 {
                let numbers = (0..<20).map { UInt64(writer * 20 + $0 + 1) }
                group.addTask(priority: priorities[writer % priorities.count]) {
                    if writer % 7 == 0 { return try await Self.storeOnMainActor(numbers, in: store) }
                    try await Caller().store(numbers, in: store)
                }
            }
            // Long calls, maintenance and refusals in between.
            group.addTask { for _ in 0..<5 { _ = try await store.compact() } }
            group.addTask {
                for number in 0..<50 { try await store.setMetadata("value", to: [UInt8(number)]) }
            }
            group.addTask {
                for _ in 0..<50 {
                    var stray = StoreSample.question(5000)
                    stray.entry = StoreSample.id(5001)
                    let (entry, question) = (StoreSample.entry(5000), stray)
                    #expect(
                        await errorCode { _ = try await store.insert(entry, question: question) } == .invalidRequest
                    )
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.usage().entries == 800)
        #expect(try await store.changeCount() == 800)
        for number: UInt64 in 1...800 {
            #expect(try await store.match(key: StoreSample.key(number))?.entry == StoreSample.entry(number))
        }
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// A removal of many: twice named, unknown, with further wordings, tags, uses; replaced ones go the same way.
    @Test func manyAnswersGoAtOnce() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...60)
        #expect(try await store.addQuestion(StoreSample.question(100, of: 3)))
        #expect(try await store.addQuestion(StoreSample.question(101, of: 40)))
        try await store.recordUse((1...60).map { EntryUse(entry: StoreSample.id($0), hits: $0) })
        let changes = try await store.changeCount()
        let gone = [3, 5, 4, 3, 900, 40].map { StoreSample.id($0) }
        let removed = try await store.remove(gone)
        #expect(removed.map(\.id).sorted() == [3, 4, 5, 40, 100, 101])
        #expect(Set(removed.map(\.entry)) == Set([3, 4, 5, 40].map { StoreSample.id($0) }))
        #expect(removed.allSatisfy { $0.key == StoreSample.key($0.id) && $0.partition != nil })
        #expect(try await store.changeCount() == changes + 4)
        #expect(try await store.remove(gone).isEmpty)
        #expect(try await store.use(of: gone).isEmpty)
        #expect(try await store.verify().isSound)
        try await store.close()
        let reopened = try await SQLiteStore.open(at: directory.path)
        #expect(try await reopened.usage().entries == 56)
        for number: UInt64 in [3, 4, 5, 40, 100, 101] {
            #expect(try await reopened.match(key: StoreSample.key(number)) == nil)
        }
        #expect(try await reopened.verify().isSound)
        try await reopened.close()
    }
}
