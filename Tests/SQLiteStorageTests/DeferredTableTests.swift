import Foundation
import GRDB
import SQLiteStorage
import SemanticCaching
import Testing

/// Keys and tags come into their tables by the hundred; nobody may notice.
@Suite struct DeferredTableTests {
    private let directory = TemporaryDirectory()

    private func tagged(_ store: SQLiteStore, _ tag: String) async throws -> [CacheEntry] {
        var filter = EntryFilter()
        filter.tag = tag
        return try await store.entries(matching: filter, after: nil, limit: 2000)
    }

    /// Asks the writer's own process, another one, and one that starts after a kill.
    private func everywhere(_ store: SQLiteStore, _ body: (SQLiteStore, String) async throws -> Void) async throws {
        try await body(store, "the writer's process")
        var readOnly = SQLiteStoreOptions()
        readOnly.isReadOnly = true
        let reader = try await SQLiteStore.open(at: directory.path, options: readOnly)
        try await body(reader, "a reader")
        try await reader.close()
        let copy = directory.path + "-killed"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in ["semcache.sqlite", "semcache.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(copy)/\(name)")
        }
        let killed = try await SQLiteStore.open(at: copy)
        try await body(killed, "after a kill")
        try await killed.close()
    }

    @Test func everyKeyAndTagIsFoundAtEveryMoment() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        // Around the number at which tables are filled (1024), and after removals, which fill them.
        for range in [1...10, 11...1017, 1018...1026, 1027...1030] as [ClosedRange<UInt64>] {
            try await StoreSample.fill(store, range)
            try await everywhere(store) { (store, place) async throws in
                for number in [1, range.lowerBound, range.upperBound] {
                    let match = try await store.match(key: StoreSample.key(number))
                    #expect(match?.entry == StoreSample.entry(number), "\(number), \(place)")
                }
                #expect(try await store.match(key: StoreSample.key(9999)) == nil)
                let found = try await tagged(store, "doc:3")
                #expect(found.count == Int(range.upperBound + 2) / 5, "\(place)")
                #expect(try await store.verify().isSound, "\(place)")
            }
        }
        _ = try await store.remove([StoreSample.id(3), StoreSample.id(1028)])
        try await everywhere(store) { (store, place) async throws in
            for number: UInt64 in [3, 1028] { #expect(try await store.match(key: StoreSample.key(number)) == nil) }
            #expect(try await store.match(key: StoreSample.key(1029))?.question.id == 1029, "\(place)")
            #expect(try await tagged(store, "doc:3").allSatisfy { $0.id != StoreSample.id(3) })
            #expect(try await store.verify().isSound, "\(place)")
        }
        // Stored again under another number: the key leads to the new one, before and after the tables have it.
        var again = StoreSample.question(1100, of: 3)
        again.key = StoreSample.key(3)
        _ = try await store.insert(StoreSample.entry(3), question: again)
        #expect(try await store.match(key: StoreSample.key(3))?.question.id == 1100)
        _ = try await store.remove([StoreSample.id(5)])
        #expect(try await store.match(key: StoreSample.key(3))?.question.id == 1100)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// A number below those that are in the tables already: its key and tags go there at once.
    @Test func aLateNumberIsFound() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...9)
        try await StoreSample.fill(store, 11...11)
        _ = try await store.remove([StoreSample.id(1)])
        try await StoreSample.fill(store, 10...10)
        try await everywhere(store) { (store, place) async throws in
            #expect(try await store.match(key: StoreSample.key(10))?.entry == StoreSample.entry(10), "\(place)")
            #expect(try await tagged(store, "doc:0").map(\.id) == [StoreSample.id(5), StoreSample.id(10)], "\(place)")
            #expect(try await store.verify().isSound, "\(place)")
        }
        try await store.close()
    }

    /// A broken row among those that wait for their tables must not keep the others out.
    @Test func brokenTagsDoNotStopTheStore() async throws {
        var store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...8)
        try await store.close()
        let queue = try DatabaseQueue(path: directory.path + "/semcache.sqlite")
        try await queue.write { try $0.execute(sql: "UPDATE entry SET tags = '[' WHERE number = 3") }
        try queue.close()
        store = try await SQLiteStore.open(at: directory.path)
        #expect(try await tagged(store, "doc:1").count == 2)
        try await StoreSample.fill(store, 9...10)
        _ = try await store.remove([StoreSample.id(10)])
        #expect(try await tagged(store, "doc:1").count == 2)
        #expect(try await store.verify().counts[.damagedEntry] == 1)
        #expect(try await store.verify(repair: true).isRepaired)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// Writers of all kinds at once: short ones commit on their own threads, long ones and maintenance on the writer's.
    @Test func shortAndLongCallsMix() async throws {
        var options = SQLiteStoreOptions()
        // Folded in all the time.
        options.logBytes = 1 << 16
        let store = try await SQLiteStore.open(at: directory.path, options: options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 as Range<UInt64> {
                group.addTask {
                    for step in 0..<60 as Range<UInt64> {
                        let number = step * 8 + writer + 1
                        try await StoreSample.fill(store, number...number)
                        #expect(try await store.match(key: StoreSample.key(number))?.question.id == number)
                        if number.isMultiple(of: 7) { _ = try await store.remove([StoreSample.id(number)]) }
                    }
                }
            }
            group.addTask { for _ in 0..<3 { try await store.compact() } }
            group.addTask {
                for _ in 0..<3 {
                    let report = try await store.verify(repair: true)
                    #expect(report.isSound, "\(report.findings)")
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.usage().entries == 480 - 480 / 7)
        #expect(try await store.verify().isSound)
        try await store.close()
        #expect(await errorCode { try await StoreSample.fill(store, 999...999) } != nil)
        let reopened = try await SQLiteStore.open(at: directory.path)
        for number: UInt64 in 1...480 {
            let match = try await reopened.match(key: StoreSample.key(number))
            #expect(match?.question.id == (number.isMultiple(of: 7) ? nil : number))
        }
        try await reopened.close()
    }
}
