import Foundation
import GRDB
import Glibc
import SQLiteStorage
import SemanticCaching
import Testing

@Suite struct SQLiteStoreOpeningTests {
    private let directory = TemporaryDirectory()
    private var database: String { directory.path + "/semcache.sqlite" }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func filesAreTheirOwnersAlone() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...3)
        #expect(try mode(directory.path) == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            #expect(try mode(directory.path + "/" + name) == 0o600, "\(name)")
        }
        try await store.close()
    }

    @Test func parentsOfTheDirectoryAreMade() async throws {
        let store = try await SQLiteStore.open(at: directory.path + "/a/b/")
        #expect(store.directory == directory.path + "/a/b")
        try await store.close()
    }

    @Test func aSecondWriterIsToldWhoIsTheFirst() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        do {
            _ = try await SQLiteStore.open(at: directory.path)
            Issue.record("two writers in one directory")
        } catch let error as CacheError {
            #expect(error.code == .storeLocked)
            #expect(error.message.contains("\(ProcessInfo.processInfo.processIdentifier)"))
        }
        try await store.close()
        let next = try await SQLiteStore.open(at: directory.path)
        try await next.close()
    }

    /// SQLite's locks are the process's: whoever closes a descriptor of the database in this process takes them away, and
    /// another process that comes and goes would then delete the log that this one writes.
    @Test func aRefusedOpeningLeavesTheLocksOfTheFirstAlone() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...3)
        // Closed last of all, for the very reason that is tested here.
        let descriptor = open(database, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(try Self.isLocked(descriptor))
        #expect(await errorCode { _ = try await SQLiteStore.open(at: directory.path) } == .storeLocked)
        #expect(try Self.isLocked(descriptor))
        var readOnly = SQLiteStoreOptions()
        readOnly.isReadOnly = true
        let reader = try await SQLiteStore.open(at: directory.path, options: readOnly)
        try await reader.close()
        #expect(try Self.isLocked(descriptor))
        try await store.close()
        #expect(try !Self.isLocked(descriptor))
    }

    /// Whether a lock keeps others from the bytes of a database that its readers lock.
    private static func isLocked(_ descriptor: Int32) throws -> Bool {
        // Seen from an open file description, the process's own locks are another's.
        let queryFromDescription: Int32 = 36  // F_OFD_GETLK
        let pendingByte: Int = 0x4000_0000
        var lock = flock(
            l_type: Int16(F_WRLCK),
            l_whence: Int16(SEEK_SET),
            l_start: pendingByte + 2,
            l_len: 510,
            l_pid: 0
        )
        let status = withUnsafeMutablePointer(to: &lock) { fcntl(descriptor, queryFromDescription, $0) }
        try #require(status == 0, "errno \(errno)")
        return lock.l_type != Int16(F_UNLCK)
    }

    @Test func aLockThatNobodyHoldsIsTakenOver() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await store.close()
        // What a killed process leaves behind: its number in a file that no kernel lock is on.
        try Data("999999\n".utf8).write(to: URL(filePath: directory.path + "/semcache.lock"))
        let next = try await SQLiteStore.open(at: directory.path)
        let text = try String(contentsOfFile: directory.path + "/semcache.lock", encoding: .utf8)
        #expect(text == "\(ProcessInfo.processInfo.processIdentifier)\n")
        try await next.close()
    }

    @Test func readersWorkBesideTheWriter() async throws {
        var readOnly = SQLiteStoreOptions()
        readOnly.isReadOnly = true
        #expect(
            await errorCode { _ = try await SQLiteStore.open(at: directory.path, options: readOnly) }
                == .storeUnavailable
        )
        let writer = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(writer, 1...3)
        let reader = try await SQLiteStore.open(at: directory.path, options: readOnly)
        #expect(try await reader.usage().entries == 3)
        try await StoreSample.fill(writer, 4...5)
        #expect(try await reader.match(key: StoreSample.key(5))?.entry == StoreSample.entry(5))
        #expect(try await reader.verify().isSound)
        #expect(await errorCode { _ = try await reader.remove([StoreSample.id(1)]) } == .storeUnavailable)
        #expect(await errorCode { try await reader.compact() } == .storeUnavailable)
        try await writer.close()
        #expect(try await reader.usage().entries == 5)
        try await reader.close()
        let alone = try await SQLiteStore.open(at: directory.path, options: readOnly)
        #expect(try await alone.usage().entries == 5)
        try await alone.close()
    }

    @Test func aNewerSchemaIsRefused() async throws {
        let store = try await SQLiteStore.open(at: directory.path)
        try await store.close()
        let queue = try DatabaseQueue(path: database)
        try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999-from-the-future')") }
        try queue.close()
        var readOnly = SQLiteStoreOptions()
        readOnly.isReadOnly = true
        for options in [SQLiteStoreOptions(), readOnly] {
            #expect(
                await errorCode { _ = try await SQLiteStore.open(at: directory.path, options: options) }
                    == .schemaTooNew
            )
        }
    }

    /// Turns the schema back into the first one, as a store of an earlier version has it.
    private static let firstSchema = """
        CREATE TABLE old_question (row INTEGER PRIMARY KEY, number INTEGER NOT NULL, entry INTEGER NOT NULL,
            key BLOB NOT NULL, second_key BLOB NOT NULL, partition INTEGER, embedding_model INTEGER,
            created INTEGER NOT NULL, size INTEGER NOT NULL, checksum INTEGER NOT NULL, text ANY NOT NULL, vector BLOB
        ) STRICT;
        INSERT INTO old_question (number, entry, key, second_key, partition, embedding_model, created, size, checksum,
            text, vector) SELECT number, entry, key, second_key, partition, embedding_model, created, size, checksum,
            text, vector FROM question ORDER BY number DESC;
        DROP TABLE question;
        DROP TABLE question_prefix;
        ALTER TABLE old_question RENAME TO question;
        CREATE UNIQUE INDEX question_number ON question (number);
        CREATE INDEX question_key ON question (substr(key, 1, 8));
        CREATE INDEX question_entry ON question (entry);
        DROP INDEX entry_id;
        CREATE UNIQUE INDEX entry_id ON entry (id);
        CREATE INDEX entry_namespace ON entry (namespace, id);
        CREATE INDEX entry_expires ON entry (expires) WHERE expires IS NOT NULL;
        ALTER TABLE store DROP COLUMN counted;
        DELETE FROM grdb_migrations WHERE identifier <> '1-entries-and-questions';
        """

    @Test func aStoreOfTheFirstSchemaIsUpgraded() async throws {
        var store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...20)
        _ = try await store.remove([StoreSample.id(7)])
        #expect(try await store.addQuestion(StoreSample.question(30, of: 3)))
        let usage = try await store.usageByNamespace()
        let changes = try await store.changeCount()
        try await store.close()
        let queue = try DatabaseQueue(path: database)
        try await queue.write { try $0.execute(sql: Self.firstSchema) }
        try queue.close()
        store = try await SQLiteStore.open(at: directory.path)
        let report = try await store.verify()
        #expect(report.isSound && report.entries == 19 && report.questions == 20, "\(report.findings)")
        #expect(try await store.usageByNamespace() == usage)
        #expect(try await store.changeCount() == changes)
        #expect(try await store.questions(of: StoreSample.id(3)).map(\.id) == [3, 30])
        #expect(try await store.match(key: StoreSample.key(30))?.entry == StoreSample.entry(3))
        _ = try await store.remove([StoreSample.id(3)])
        try await StoreSample.fill(store, 40...50)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    /// The store counts lazily; what it did not write must come back from the rows, whoever reads them.
    @Test func countsAreRightBesideTheWriterAndAfterItsDeath() async throws {
        var readOnly = SQLiteStoreOptions()
        readOnly.isReadOnly = true
        let store = try await SQLiteStore.open(at: directory.path)
        let reader = try await SQLiteStore.open(at: directory.path, options: readOnly)
        var numbers: [UInt64] = Array(1...1200)
        numbers.swapAt(300, 301)  // A number that comes after greater ones.
        for number in numbers {
            try await StoreSample.fill(store, number...number)
            if number % 97 == 0 { _ = try await store.remove([StoreSample.id(number - 1)]) }
            guard number % 50 == 0 else { continue }
            #expect(try await reader.usageByNamespace() == store.usageByNamespace())
            #expect(try await reader.usage().entries == Int(number - number / 97))
            #expect(try await reader.highestQuestionID() == number)
            #expect(try await reader.verify().isSound)
        }
        // As the files are while the store is open, which is as a kill leaves them.
        let copy = directory.path + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in ["semcache.sqlite", "semcache.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(copy)/\(name)")
        }
        let killed = try await SQLiteStore.open(at: copy)
        #expect(try await killed.usageByNamespace() == store.usageByNamespace())
        #expect(try await killed.changeCount() == store.changeCount())
        try await StoreSample.fill(killed, 601...610)
        _ = try await killed.remove([StoreSample.id(601)])
        #expect(try await killed.verify().isSound)
        try await killed.close()
        try await reader.close()
        try await store.close()
    }

    /// What a kill or a full disk leaves of a store that is just being made.
    @Test func aStoreThatWasHalfMadeIsMadeToTheEnd() async throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: database)
        try await queue.write {
            try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
        try queue.close()
        let store = try await SQLiteStore.open(at: directory.path)
        try await StoreSample.fill(store, 1...3)
        #expect(try await store.verify().isSound)
        try await store.close()
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() async throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: database)
        try await queue.write { try $0.execute(sql: "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)") }
        try queue.close()
        #expect(await errorCode { _ = try await SQLiteStore.open(at: directory.path) } == .invalidData)
        let after = try DatabaseQueue(path: database)
        #expect(try await after.read { try Int.fetchOne($0, sql: "SELECT a FROM theirs") } == 1)
        try after.close()
    }

    @Test func placesThatCannotBeUsedAreAnError() async throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let file = directory.path + "/file"
        try Data("x".utf8).write(to: URL(filePath: file))
        #expect(await errorCode { _ = try await SQLiteStore.open(at: file) } == .storeUnavailable)
        #expect(await errorCode { _ = try await SQLiteStore.open(at: file + "/below") } == .storeUnavailable)
        #expect(await errorCode { _ = try await SQLiteStore.open(at: "/proc/semcache") } == .storeUnavailable)
    }

    @Test func synchronousFullReachesTheConnection() async throws {
        var options = SQLiteStoreOptions()
        options.synchronous = .full
        let store = try await SQLiteStore.open(at: directory.path, options: options)
        try await StoreSample.fill(store, 1...2)
        #expect(try await store.synchronousLevel() == 2)
        try await store.close()
        let normal = try await SQLiteStore.open(at: directory.path)
        #expect(try await normal.synchronousLevel() == 1)
        try await normal.close()
    }

    @Test func acknowledgingEarlyStoresAllTheSame() async throws {
        var options = SQLiteStoreOptions()
        options.durability = .acknowledgeBeforeCommit
        let store = try await SQLiteStore.open(at: directory.path, options: options)
        try await StoreSample.fill(store, 1...50)
        try await store.close()
        let reopened = try await SQLiteStore.open(at: directory.path)
        #expect(try await reopened.usage().entries == 50)
        try await reopened.close()
    }
}
