import Embeddings
import Foundation
import Logging
import SQLiteStorage
import SemanticCaching
import SemanticCachingTesting
import Testing

/// Copies of indexes are verified with the store that they lie beside.
@Suite struct SnapshotVerificationTests {
    private let directory = TemporaryDirectory()

    /// A cache with one snapshot, closed; the snapshot's file.
    private func makeCache() async throws -> URL {
        let cache = try await SemanticCache.open(
            at: directory.path,
            embedder: HashingEmbedder(dimension: 64),
            policy: ThresholdPolicy(),
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            // A cache that is still opening when it is closed keeps no copy.
            inBackground: false
        )
        for number in 0..<30 {
            let request = CacheRequest(
                "Where is parcel \(number) now?",
                scope: CacheScope(namespace: "faq", model: "m")
            )
            try await cache.store(CachedReply(text: "at \(number)"), for: request)
        }
        try await cache.close(at: directory.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let name = try #require(names.first { $0.hasSuffix(".snapshot") })
        return URL(filePath: directory.path + "/" + name)
    }

    @Test func damageOfACopyIsFoundAndTheCopyRemoved() async throws {
        let file = try await makeCache()
        let sound = try Data(contentsOf: file)
        let store = try await SQLiteStore.open(at: directory.path)
        #expect(try await store.verify().isSound)
        var places = (0..<30).map { _ in Int.random(in: 4096..<sound.count) }
        places += [0, 63, 64, 4095, 4096, sound.count - 1]
        for place in places {
            var damaged = sound
            damaged[place] ^= 0x20
            try damaged.write(to: file)
            let report = try await store.verify()
            #expect(report.counts == [.damagedSnapshot: 1], "byte \(place) of \(sound.count)")
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
        for length in [0, 100, 4096, sound.count / 2, sound.count - 1] {
            try sound.prefix(length).write(to: file)
            #expect(try await store.verify().counts == [.damagedSnapshot: 1], "\(length) bytes of \(sound.count)")
        }
        let changes = try await store.changeCount()
        let repaired = try await store.verify(repair: true)
        #expect(repaired.isRepaired && repaired.counts == [.damagedSnapshot: 1])
        #expect(!FileManager.default.fileExists(atPath: file.path))
        #expect(try await store.verify().isSound)
        #expect(try await store.changeCount() == changes, "the rows were sound and stay untouched")
        try await store.close()
    }

    @Test func anInterruptedCopyLeavesTheOldOne() async throws {
        let snapshots = FileSnapshotStore(directory: directory.path)
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        try await snapshots.save([1, 2, 3], as: "a", changeCount: 1)
        struct Interrupted: Error {}
        await #expect(throws: Interrupted.self) {
            try await snapshots.save(as: "a", changeCount: 2) { append in
                try await append([9, 9])
                throw Interrupted()
            }
        }
        guard case .loaded(let image, let count) = await snapshots.load("a") else {
            Issue.record("the old copy is gone")
            return
        }
        #expect(count == 1 && image.withBytes { Array($0) } == [1, 2, 3])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 1)
        // Pieces follow each other.
        try await snapshots.save(as: "a", changeCount: 3) { append in
            for piece in [[1], [], [2, 3], [UInt8](repeating: 4, count: 5000)] as [[UInt8]] { try await append(piece) }
        }
        guard case .loaded(let pieced, 3) = await snapshots.load("a") else {
            Issue.record("the new copy is not there")
            return
        }
        #expect(pieced.withBytes { Array($0) } == [1, 2, 3] + [UInt8](repeating: 4, count: 5000))
    }
}
