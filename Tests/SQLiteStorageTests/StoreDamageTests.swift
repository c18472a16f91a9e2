import Foundation
import GRDB
import SQLiteStorage
import SemanticCaching
import Testing

/// Damage of all kinds is found and told, and never an answer or a crash.
@Suite struct StoreDamageTests {
    private let directory = TemporaryDirectory()
    private var database: URL { URL(filePath: directory.path + "/semcache.sqlite") }

    /// Fills a store, closes it, changes it behind its back, and opens it again.
    private func storeAfter(_ change: (Database) throws -> Void) async throws -> SQLiteStore {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...11)
        // A removal brings keys, tags and counts into their tables.
        _ = try await store.remove([StoreSample.id(11)])
        try await store.recordUse([EntryUse(entry: StoreSample.id(1), hits: 1)])
        #expect(try await store.verify().isSound)
        try await store.close()
        let queue = try DatabaseQueue(path: database.path)
        try queue.writeWithoutTransaction(change)
        try queue.close()
        return try await SQLiteStore.open(at: directory.path)
    }

    /// A change of the database, what it is found to be, and how many answers and questions are left after repair.
    struct Damage: Sendable, CustomTestStringConvertible {
        let sql: String
        let kind: StoreReport.Kind
        var entries = 10
        var questions = 10
        var testDescription: String { sql }
    }

    @Test(arguments: [
        Damage(
            sql: "UPDATE entry SET reply = 'Secret answer 4!' WHERE number = 4",
            kind: .damagedEntry,
            entries: 9,
            questions: 9
        ),
        Damage(sql: "UPDATE entry SET namespace = 77 WHERE number = 4", kind: .damagedEntry, entries: 9, questions: 9),
        Damage(sql: "UPDATE entry SET id = x'00' WHERE number = 4", kind: .damagedEntry, entries: 9, questions: 9),
        Damage(sql: "UPDATE entry SET epoch = 5 WHERE number = 4", kind: .damagedEntry, entries: 9, questions: 9),
        Damage(sql: "UPDATE entry SET tags = '[' WHERE number = 4", kind: .damagedEntry, entries: 9, questions: 9),
        Damage(sql: "UPDATE question SET entry = 5 WHERE number = 4", kind: .damagedQuestion, entries: 9, questions: 9),
        Damage(sql: "UPDATE question SET text = '' WHERE number = 4", kind: .damagedQuestion, entries: 9, questions: 9),
        Damage(
            sql: "UPDATE question SET key = x'01' WHERE number = 4",
            kind: .damagedQuestion,
            entries: 9,
            questions: 9
        ),
        Damage(
            sql: "UPDATE question SET vector = zeroblob(256) WHERE number = 4",
            kind: .damagedQuestion,
            entries: 9,
            questions: 9
        ),
        Damage(
            sql: "UPDATE question SET vector = x'010203' WHERE number = 4",
            kind: .damagedQuestion,
            entries: 9,
            questions: 9
        ),
        Damage(sql: "DELETE FROM entry WHERE number = 4", kind: .questionWithoutEntry, entries: 9, questions: 9),
        Damage(sql: "DELETE FROM question WHERE number = 4", kind: .entryWithoutQuestion, entries: 9, questions: 9),
        Damage(sql: "DELETE FROM tag WHERE entry = 4", kind: .danglingRow),
        Damage(sql: "INSERT INTO tag VALUES ('doc:1', 99)", kind: .danglingRow),
        Damage(sql: "INSERT INTO entry_use VALUES (99, 1, NULL)", kind: .danglingRow),
        Damage(sql: "DELETE FROM question_prefix WHERE question = 4", kind: .danglingRow),
        Damage(sql: "UPDATE question_prefix SET prefix = x'00' WHERE question = 4", kind: .danglingRow),
        Damage(sql: "UPDATE namespace SET bytes = bytes + 1", kind: .wrongCount),
        Damage(sql: "UPDATE store SET counted = 5", kind: .wrongCount),
    ])
    func isFoundAndRepaired(_ damage: Damage) async throws {
        let store = try await storeAfter { try $0.execute(sql: damage.sql) }
        let changes = try await store.changeCount()
        let found = try await store.verify()
        #expect(found.counts[damage.kind, default: 0] > 0, "\(found.findings)")
        #expect(!found.isRepaired)
        // Damaged rows never make an answer.
        for number: UInt64 in 1...10 {
            if let match = try? await store.match(key: StoreSample.key(number)) {
                #expect(match.entry == StoreSample.entry(number))
            }
        }
        for match in try await store.questions(after: 0, limit: 100) {
            #expect(match.question == StoreSample.question(match.question.id))
        }
        let repaired = try await store.verify(repair: true)
        #expect(repaired.isRepaired)
        let after = try await store.verify()
        #expect(after.isSound, "\(after.findings)")
        #expect(after.entries == damage.entries && after.questions == damage.questions)
        #expect(try await store.changeCount() > changes, "snapshots from before must be stale")
        // The store goes on.
        try await StoreSample.fill(store, 20...21)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// One damaged question stops neither a list nor an export nor an invalidation of what it is among.
    @Test func aDamagedQuestionStopsNothingElse() async throws {
        let store = try await storeAfter {
            try $0.execute(sql: "UPDATE question SET text = 'another text' WHERE number = 4")
        }
        #expect(try await store.questions(of: StoreSample.id(4)).isEmpty)
        #expect(try await store.questions(of: StoreSample.id(5)) == [StoreSample.question(5)])
        var lines = 0
        #expect(try await store.export { _ in lines += 1 } == 9)
        #expect(lines == 9)
        // The answers 4 and 9 have the tag.
        let selector = InvalidationSelector(tag: "doc:4")
        #expect(try await store.preview(selector).entries == 2)
        #expect(Set(try await store.removeAll(selector).map(\.id)) == [4, 9])
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// Pages of a table are broken: that is told, and what is on the others can be exported.
    @Test(arguments: ["entry", "question"])
    func aBrokenPageIsToldAndTheRestExported(of table: String) async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...400)
        try await store.close()
        let queue = try DatabaseQueue(path: database.path)
        let pages = try await queue.read { db in
            try Int.fetchAll(
                db,
                sql: "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path",
                arguments: [table]
            )
        }
        try queue.close()
        try #require(pages.count > 2)
        let file = try FileHandle(forUpdating: database)
        try file.seek(toOffset: UInt64(pages[pages.count / 2] - 1) * 16384)
        try file.write(contentsOf: Data(repeating: 0xFF, count: 16384))
        try file.close()

        let damaged = try await SQLiteStore.open(at: directory.path)
        let report = try await damaged.verify()
        #expect(report.counts[.damagedDatabase, default: 0] > 0)
        #expect(await errorCode { _ = try await damaged.verify(repair: true) } == .corruptStore)
        var lines: [[UInt8]] = []
        let count = try await damaged.export { lines.append($0) }
        #expect(count == lines.count && count > 200 && count < 400, "\(count)")
        for line in lines {
            let text = String(decoding: line, as: UTF8.self)
            #expect(text.contains("Secret answer ") && text.contains("Secret question "))
        }
        try await damaged.close()
    }

    @Test func vectorsThatAreNoneAreFoundAndTakenAway() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        for (number, vector) in [[0.5, 0.5], [Float.nan, 1], [.infinity, 0], [1, 0], []].enumerated() {
            var question = StoreSample.question(UInt64(number + 1))
            question.vector = vector
            _ = try await store.insert(StoreSample.entry(UInt64(number + 1)), question: question)
        }
        #expect(try await store.verify(repair: true).counts == [.invalidVector: 4])
        #expect(try await store.verify().isSound)
        let left = try await store.questions(after: 0, limit: 9)
        #expect(left.map { $0.question.vector != nil } == [false, false, false, true, false])
        #expect(left.map { $0.question.embeddingModel != nil } == [false, false, false, true, false])
        try await store.close()
    }

    /// Flips bits all over a closed database: whatever happens on opening, nothing wrong is ever served.
    @Test func flippedBitsNeverMakeAWrongAnswer() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...40)
        try await store.close()
        let sound = try Data(contentsOf: database)
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(state: seed)
        // Every byte of the header, and places anywhere.
        let places = Array(0..<100) + (0..<50).map { _ in Int.random(in: 0..<sound.count, using: &generator) }
        for place in places {
            var damaged = sound
            damaged[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database.path + name) }
            try damaged.write(to: database)
            try await expectNothingWrong("seed \(seed), byte \(place)")
        }
    }

    @Test func aTruncatedDatabaseIsAnErrorOrPartOfTheTruth() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...40)
        try await store.close()
        let sound = try Data(contentsOf: database)
        for length in [1, 15, 16, 99, 100, 4096, 16384, sound.count / 2, sound.count - 16384, sound.count - 1] {
            for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database.path + name) }
            try sound.prefix(length).write(to: database)
            try await expectNothingWrong("\(length) bytes of \(sound.count)")
        }
    }

    /// Opens and reads everything; errors must be the store's own, and what is read must be right.
    private func expectNothingWrong(_ context: String) async throws {
        let codes: Set<CacheError.Code> = [.corruptStore, .storeUnavailable, .invalidData, .schemaTooNew]
        do {
            let store = try await SQLiteStore.open(at: directory.path)
            for number: UInt64 in 1...40 {
                do {
                    if let match = try await store.match(key: StoreSample.key(number)) {
                        #expect(match.entry == StoreSample.entry(number), "\(context), answer \(number)")
                    }
                } catch let error as CacheError {
                    #expect(codes.contains(error.code), "\(context): \(error)")
                }
            }
            _ = try? await store.verify()
            try? await store.close()
        } catch let error as CacheError {
            #expect(codes.contains(error.code), "\(context): \(error)")
        }
    }

    @Test func compactionGivesSpaceBack() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...400)
        _ = try await store.remove((1...390).map(StoreSample.id))
        let (before, after) = try await store.compact()
        #expect(after < before / 3)
        #expect(try await store.verify().isSound)
        #expect(try await store.entry(StoreSample.id(395)) == StoreSample.entry(395))
        try await StoreSample.fill(store, 500...510)
        #expect(try await store.verify().isSound)
        try await store.close()
    }
}

/// SplitMix64, for repeatable choices.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
