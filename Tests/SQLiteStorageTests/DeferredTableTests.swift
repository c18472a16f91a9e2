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
        return try await store.entries(matching: filter, after: nil, limit: 10_000)
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
        // Around the number at which tables are filled (4096), and after removals.
        for range in [1...10, 11...4089, 4090...4098, 4099...4102] as [ClosedRange<UInt64>] {
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
        _ = try await store.remove([StoreSample.id(3), StoreSample.id(4100)])
        try await everywhere(store) { (store, place) async throws in
            for number: UInt64 in [3, 4100] { #expect(try await store.match(key: StoreSample.key(number)) == nil) }
            #expect(try await store.match(key: StoreSample.key(4101))?.question.id == 4101, "\(place)")
            #expect(try await tagged(store, "doc:3").allSatisfy { $0.id != StoreSample.id(3) })
            #expect(try await store.verify().isSound, "\(place)")
        }
        // Stored again under another number: the key leads to the new one, before and after the tables have it.
        var again = StoreSample.question(4200, of: 3)
        again.key = StoreSample.key(3)
        _ = try await store.insert(StoreSample.entry(3), question: again)
        #expect(try await store.match(key: StoreSample.key(3))?.question.id == 4200)
        _ = try await store.remove([StoreSample.id(5)])
        #expect(try await store.match(key: StoreSample.key(3))?.question.id == 4200)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// A number below those that are in the tables already: its key and tags go there at once.
    @Test func aLateNumberIsFound() async throws {
        var store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...9)
        try await StoreSample.fill(store, 11...11)
        // Closing brings all of them into the tables.
        try await store.close()
        store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 10...10)
        try await everywhere(store) { (store, place) async throws in
            #expect(try await store.match(key: StoreSample.key(10))?.entry == StoreSample.entry(10), "\(place)")
            #expect(try await tagged(store, "doc:0").map(\.id) == [StoreSample.id(5), StoreSample.id(10)], "\(place)")
            #expect(try await store.verify().isSound, "\(place)")
        }
        try await store.close()
    }

    private func keys(at path: String) throws -> [Int] {
        let queue = try DatabaseQueue(path: path + "/semcache.sqlite")
        defer { try? queue.close() }
        return try queue.read { try Int.fetchAll($0, sql: "SELECT question FROM question_prefix ORDER BY 1") }
    }

    /// Keys of questions that are gone stay in their table for a while, and for good after a kill; nobody may find them.
    @Test func keysOfRemovedQuestionsLeadNowhere() async throws {
        var store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...20)
        try await store.close()
        #expect(try keys(at: directory.path) == Array(1...20))
        store = try await SQLiteStore.open(at: directory.path)
        _ = try await store.remove([5, 6].map { StoreSample.id($0) })
        try await everywhere(store) { (store, place) async throws in
            for number: UInt64 in [5, 6] {
                #expect(try await store.match(key: StoreSample.key(number)) == nil, "\(place)")
            }
            #expect(try await store.match(key: StoreSample.key(7))?.question.id == 7, "\(place)")
            let usage = try await store.usage()
            #expect(usage.entries == 18 && usage.questions == 18, "\(place)")
            #expect(try await store.changeCount() == 22, "\(place)")
            #expect(try await store.verify().isSound, "\(place)")
        }
        // The same number and key by hand, before the table has forgotten the old one.
        try await StoreSample.fill(store, 6...6)
        try await store.close()
        #expect(try keys(at: directory.path) == Array(1...4) + Array(6...20))
        store = try await SQLiteStore.open(at: directory.path)
        #expect(try await store.match(key: StoreSample.key(6))?.question.id == 6)
        #expect(try await store.match(key: StoreSample.key(5)) == nil)
        try await store.close()
        // What a kill left is reclaimed with the space.
        let queue = try DatabaseQueue(path: directory.path + "/semcache.sqlite")
        try await queue.write {
            try $0.execute(
                sql: "INSERT INTO question_prefix SELECT substr(key, 1, 8), 99 FROM question WHERE number = 1"
            )
        }
        try queue.close()
        store = try await SQLiteStore.open(at: directory.path)
        #expect(try await store.match(key: StoreSample.key(1))?.question.id == 1)
        #expect(try await store.verify().isSound)
        _ = try await store.compact()
        #expect(try keys(at: directory.path) == Array(1...4) + Array(6...20))
        try await store.close()
    }

    /// The log is folded in beside the commits, and begins anew: it does not grow with what is written.
    @Test func theLogStaysShort() async throws {
        var options = SQLiteStoreOptions()
        options.logBytes = 1 << 18
        let store = try await SQLiteStore.open(at: directory.path, options: options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 as Range<UInt64> {
                group.addTask {
                    for step in 0..<300 as Range<UInt64> {
                        let number = step * 4 + writer + 1
                        try await StoreSample.fill(store, number...number)
                    }
                }
            }
            try await group.waitForAll()
        }
        let log = try FileManager.default.attributesOfItem(atPath: directory.path + "/semcache.sqlite-wal")
        // 1 200 puts write some 30 MB; eight times the limit is room for whatever the disk makes of it.
        #expect((log[.size] as? Int ?? .max) < 8 << 18)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// A broken row among those that wait for their tables must not keep the others out.
    @Test func brokenTagsDoNotStopTheStore() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...8)
        let queue = try DatabaseQueue(path: directory.path + "/semcache.sqlite")
        try await queue.write { try $0.execute(sql: "UPDATE entry SET tags = '[' WHERE number = 3") }
        try queue.close()
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
