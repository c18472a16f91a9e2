import Foundation
import GRDB
import SemanticCaching
import Testing

@testable import SQLiteStorage

/// Work that fails leaves nothing behind in memory that the database does not have.
@Suite struct FailedWorkTests {
    private struct Interrupted: Error {}

    private let directory = TemporaryDirectory()

    /// `compact` takes unused symbols away and then needs room for a copy, which a full disk does not give.
    @Test func symbolsThatFailedMaintenanceTookAwayAreMadeAnew() async throws {
        var store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...1)
        _ = try await store.remove([StoreSample.id(1)])
        await #expect(throws: CacheError.self) {
            try await store.writeAlone { db in
                try db.execute(sql: "DELETE FROM namespace; DELETE FROM symbol")
                throw Interrupted()
            }
        }
        try await StoreSample.fill(store, 2...2)
        try await store.close()
        store = try await SQLiteStore.open(at: directory.path)
        #expect(try await store.match(key: StoreSample.key(2))?.entry == StoreSample.entry(2))
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    @Test func keysOfATransactionThatWasRolledBackAreForgotten() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        let recent = try #require(store.recentKeys)
        let key = StoreSample.key(1)
        for number in 1...50 {
            await #expect(throws: (any Error).self) {
                try await store.write { transaction in
                    transaction.recentKeys.add(Int64(number), key: key)
                    throw Interrupted()
                }
            }
        }
        #expect(recent.candidates(for: key).isEmpty)
        try await StoreSample.fill(store, 1...1)
        await #expect(throws: (any Error).self) {
            try await store.write { transaction in
                transaction.recentKeys.add(9, key: key)
                throw Interrupted()
            }
        }
        #expect(recent.candidates(for: key) == [1], "what was committed stays")
        try await store.close()
    }

    /// Keys that a killed process had not brought into their table are known by opening only.
    @Test func keysThatOpeningFoundStay() async throws {
        let killed = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(killed, 1...3)
        let copy = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: directory.path, toPath: copy.path)
        let store = try await SQLiteStore.open(at: copy.path)
        let recent = try #require(store.recentKeys)
        #expect(recent.candidates(for: StoreSample.key(2)) == [2])
        await #expect(throws: (any Error).self) { try await store.write { _ in throw Interrupted() } }
        #expect(recent.candidates(for: StoreSample.key(2)) == [2])
        #expect(try await store.match(key: StoreSample.key(2))?.question.id == 2)
        try await store.close()
        try await killed.close()
    }

    /// A copy of the indexes is written in the belief that the numbers in it will not be given again: also where calls that
    /// store return before their commit, this one must not.
    @Test func aReservationThatIsNotCommittedIsNotAcknowledged() async throws {
        var options = SQLiteStoreOptions()
        options.durability = .acknowledgeBeforeCommit
        let store = try await SQLiteStore.open(at: directory.path, options: options)
        try await StoreSample.fill(store, 1...3)
        let other = try DatabaseQueue(path: directory.path + "/semcache.sqlite")
        try await other.write {
            try $0.execute(
                sql: "CREATE TRIGGER refusal BEFORE UPDATE ON store BEGIN SELECT raise(ABORT, 'no room'); END"
            )
        }
        #expect(await errorCode { try await store.reserveQuestionIDs(upTo: 100) } == .storeUnavailable)
        #expect(try await store.highestQuestionID() == 3)
        try await other.write { try $0.execute(sql: "DROP TRIGGER refusal") }
        try await store.reserveQuestionIDs(upTo: 100)
        #expect(try await store.highestQuestionID() == 100)
        try other.close()
        try await store.close()
    }
}
