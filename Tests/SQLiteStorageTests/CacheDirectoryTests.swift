import Embeddings
import Foundation
import Logging
import SQLiteStorage
import SemanticCaching
import SemanticCachingTesting
import Testing

/// A whole cache over a directory: what is in its files, and what a kill leaves of it.
@Suite struct CacheDirectoryTests {
    private let directory = TemporaryDirectory()
    private let scope = CacheScope(namespace: "faq", model: "m")

    private func open(_ path: String, key: EncryptionKey? = nil, inBackground: Bool = false) async throws
        -> SemanticCache
    {
        var options = SQLiteStoreOptions()
        options.encryptionKey = key
        var configuration = CacheConfiguration()
        // A busy machine is slow; what is late is not what these tests are about.
        configuration.embedding.deadline = .seconds(600)
        return try await SemanticCache.open(
            at: path,
            embedder: HashingEmbedder(dimension: 128),
            configuration: configuration,
            storeOptions: options,
            policy: ThresholdPolicy(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            inBackground: inBackground
        )
    }

    private func put(_ numbers: Range<Int>, in cache: SemanticCache) async throws {
        for number in numbers {
            let request = CacheRequest("Whispered question about parcel \(number)?", scope: scope)
            try await cache.store(CachedReply(text: "Whispered answer \(number)."), for: request)
        }
    }

    /// The bytes of every file, names included.
    private func allBytes(_ path: String) throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: path).reduce(into: Data()) { bytes, name in
            bytes += Data(name.utf8) + (try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
        }
    }

    /// Database, log, snapshot, lock: none of them shows a word of an encrypted cache.
    @Test(arguments: [true, false]) func noFileShowsATextOfAnEncryptedCache(isEncrypted: Bool) async throws {
        let cache = try await open(directory.path, key: isEncrypted ? .random() : nil)
        try await put(0..<60, in: cache)
        #expect(try await cache.saveSnapshot(to: FileSnapshotStore(directory: directory.path)))
        let whileOpen = try allBytes(directory.path)
        try await put(60..<70, in: cache)
        try await cache.close(at: directory.path)
        for bytes in [whileOpen, try allBytes(directory.path)] {
            #expect(bytes.range(of: Data("SCPART".utf8)) != nil, "there is a snapshot")
            for word in ["Whispered", "question about", "answer 7"] {
                #expect((bytes.range(of: Data(word.utf8)) != nil) == !isEncrypted, "\(word)")
            }
        }
    }

    /// Killed long after the last snapshot: the next opening starts from it and finds the rest in the database.
    @Test(arguments: [false, true]) func aKilledCacheOpensWithItsLastSnapshot(inBackground: Bool) async throws {
        let cache = try await open(directory.path)
        try await put(0..<200, in: cache)
        #expect(try await cache.saveSnapshot(to: FileSnapshotStore(directory: directory.path)))
        try await put(200..<220, in: cache)
        let gone = try #require(
            await cache.lookup(CacheRequest("Whispered question about parcel 7?", scope: scope)).entry
        )
        #expect(try await cache.remove([gone]) == 1)
        // The files as they are now are what a kill leaves.
        let copy = directory.path + "-killed"
        try FileManager.default.copyItem(atPath: directory.path, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try? FileManager.default.removeItem(atPath: copy + "/semcache.sqlite-shm")
        let killed = try await open(copy, inBackground: inBackground)
        while await killed.statistics().indexedQuestions != 219 { try await Task.sleep(for: .milliseconds(1)) }
        for number in [0, 6, 199, 200, 219] {
            let asked = CacheRequest("whispered question about parcel \(number)", scope: scope)
            #expect(await killed.lookup(asked).reply?.text == "Whispered answer \(number).")
        }
        let removed = await killed.lookup(CacheRequest("whispered question about parcel 7", scope: scope))
        #expect(removed.reply?.text != "Whispered answer 7.")
        // What is stored next has a number that neither the store nor the snapshot knows.
        try await put(300..<310, in: killed)
        #expect(await killed.statistics().indexedQuestions == 229)
        try await killed.close(at: copy)
        try await cache.close()
    }

    /// Whoever comes first, the opening that reads or the call that stores: each question is in its index once.
    @Test func storingGoesOnWhileTheOpeningReads() async throws {
        let filler = try await open(directory.path)
        try await put(0..<300, in: filler)
        try await filler.close(at: directory.path)
        let cache = try await open(directory.path, inBackground: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 300, to: 400, by: 25) {
                group.addTask { try await put(start..<start + 25, in: cache) }
            }
            try await group.waitForAll()
        }
        while await cache.statistics().indexedQuestions != 400 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(await cache.statistics().store.questions == 400)
        try await cache.close(at: directory.path)
    }

    /// A database of yesterday brought back beside a snapshot of today.
    @Test func aRestoredBackupIsNotMixedWithALaterSnapshot() async throws {
        let cache = try await open(directory.path)
        try await put(0..<50, in: cache)
        try await cache.close()
        let backup = directory.path + "-backup"
        try FileManager.default.copyItem(atPath: directory.path, toPath: backup)
        defer { try? FileManager.default.removeItem(atPath: backup) }
        let later = try await open(directory.path)
        try await put(50..<90, in: later)
        try await later.close(at: directory.path)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
        where name.hasSuffix(".snapshot") {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(backup)/\(name)")
        }
        let restored = try await open(backup)
        #expect(await restored.statistics().indexedQuestions == 50)
        try await put(100..<140, in: restored)
        try await restored.close()
        let again = try await open(backup)
        let verdict = await again.lookup(CacheRequest("whispered question about parcel 60", scope: scope))
        #expect(verdict.nearest.allSatisfy { $0.similarity < 0.9999 || $0.question.contains("60") })
        #expect(await again.statistics().indexedQuestions == 90)
        try await again.close()
    }
}
