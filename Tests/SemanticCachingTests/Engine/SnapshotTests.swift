import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct SnapshotTests {
    /// Snapshots in memory, as a directory would keep them.
    private final class MemorySnapshots: SnapshotStore {
        struct Image: SnapshotImage {
            let bytes: [UInt8]
            func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
                try bytes.withUnsafeBytes(body)
            }
        }

        let content = Watched<[String: (bytes: [UInt8], changeCount: UInt64)]>([:])

        func save(_ bytes: [UInt8], as name: String, changeCount: UInt64) async throws {
            content.update { $0[name] = (bytes, changeCount) }
        }

        func load(_ name: String, changeCount: UInt64) async -> SnapshotOutcome {
            guard let found = content.value[name], found.changeCount == changeCount else {
                return .unusable(reason: "there is none of this state")
            }
            return .loaded(Image(bytes: found.bytes))
        }

        func remove(_ name: String) async throws { content.update { $0[name] = nil } }
        func names() async throws -> [String] { content.value.keys.sorted() }
    }

    private func filled(_ store: MemoryStore) async throws -> CacheFixture {
        let fixture = try CacheFixture(store: store)
        for number in 0..<40 { try await fixture.put("Where is parcel number \(number) now?", "at \(number)") }
        try await fixture.put("Where is it?", "elsewhere") { $0.scope.namespace = NamespaceID(tenant: "t", name: "é") }
        return fixture
    }

    private func check(_ fixture: CacheFixture) async {
        let verdict = await fixture.cache.lookup(fixture.request("where is parcel number 7 now"))
        #expect(verdict.reply?.text == "at 7")
        #expect(verdict.tier == .semantic)
    }

    @Test func aGoodSnapshotSavesTheIndexing() async throws {
        let store = MemoryStore()
        let snapshots = MemorySnapshots()
        #expect(try await filled(store).cache.saveSnapshot(to: snapshots))
        let reopened = try CacheFixture(store: store)
        try await reopened.cache.open(snapshots: snapshots)
        #expect(await reopened.cache.statistics().indexedQuestions == 41)
        #expect(await reopened.cache.statistics().partitions == 2)
        await check(reopened)
        try await reopened.put("A new one?", "new")
        #expect(await reopened.cache.lookup(reopened.request("a new one")).reply?.text == "new")
    }

    @Test func aStaleSnapshotIsNotUsed() async throws {
        let store = MemoryStore()
        let snapshots = MemorySnapshots()
        let fixture = try await filled(store)
        try await fixture.cache.saveSnapshot(to: snapshots)
        try await fixture.put("Where is the late one?", "late")
        let reopened = try CacheFixture(store: store)
        try await reopened.cache.open(snapshots: snapshots)
        #expect(await reopened.cache.lookup(reopened.request("where is the late one")).reply?.text == "late")
        await check(reopened)
    }

    @Test func everyDamagedByteIsFoundOrHarmless() async throws {
        let store = MemoryStore()
        let snapshots = MemorySnapshots()
        try await filled(store).cache.saveSnapshot(to: snapshots)
        let good = try #require(snapshots.content.value["partitions"])
        var generator = SeededGenerator.announced(seed: 3)
        for trial in 0..<60 {
            var bytes = good.bytes
            if trial % 3 == 0 {
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
            } else {
                // Half of the damage hits the few bytes around the indexes.
                let range = trial % 2 == 0 ? 0..<min(200, bytes.count) : 0..<bytes.count
                bytes[Int.random(in: range, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
            }
            let damaged = bytes
            snapshots.content.update { $0["partitions"] = (damaged, good.changeCount) }
            let reopened = try CacheFixture(store: store)
            try await reopened.cache.open(snapshots: snapshots)
            let verdict = await reopened.cache.lookup(reopened.request("where is parcel number 7 now"))
            // Found damage means an index built anew: nothing is lost.
            #expect(verdict.reply?.text == "at 7")
        }
    }

    @Test func anotherModelEmbedsTheStoredQuestionsAnew() async throws {
        let store = MemoryStore()
        _ = try await filled(store)
        let other = HashingEmbedder(dimension: 128)
        let cache = try SemanticCache(embedder: other, store: store)
        try await cache.open()
        while await cache.statistics().indexedQuestions < 41 { await Task.yield() }
        let match = try #require(try await store.questions(after: 0, limit: 1).first)
        #expect(match.question.vector?.count == 128)
        #expect(match.question.embeddingModel == "hashing-128")
        let request = CacheRequest("where is parcel number 7 now", scope: CacheFixture.scope)
        #expect(await cache.lookup(request).reply?.text == "at 7")
    }

    @Test func openingInTheBackgroundServesAtOnce() async throws {
        let store = MemoryStore()
        _ = try await filled(store)
        let reopened = try CacheFixture(store: store)
        try await reopened.cache.open(inBackground: true)
        #expect(await reopened.cache.lookup(reopened.request("Where is parcel number 9 now?")).reply?.text == "at 9")
        while await reopened.cache.statistics().indexedQuestions < 41 { await Task.yield() }
        await check(reopened)
    }
}
