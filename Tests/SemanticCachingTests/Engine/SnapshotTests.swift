import Embeddings
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

        func save(as name: String, changeCount: UInt64, _ write: SnapshotContent) async throws {
            let pieces = Watched<[UInt8]>([])
            try await write { piece in pieces.update { $0 += piece } }
            content.update { $0[name] = (pieces.value, changeCount) }
        }

        func load(_ name: String) async -> SnapshotOutcome {
            guard let found = content.value[name] else { return .unusable(reason: "there is none") }
            return .loaded(Image(bytes: found.bytes), changeCount: found.changeCount)
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

    @Test func aStaleSnapshotIsCompletedFromTheStore() async throws {
        let store = MemoryStore()
        let snapshots = MemorySnapshots()
        let fixture = try await filled(store)
        #expect(try await fixture.cache.saveSnapshot(to: snapshots))
        try await fixture.put("Where is the late one?", "late")
        let gone = try await fixture.cache.entries(
            near: "Where is parcel number 9 now?",
            similarity: 0.999,
            in: CacheFixture.scope.namespace
        )
        #expect(try await fixture.cache.remove(gone) == 1)
        for isInBackground in [false, true] {
            let reopened = try CacheFixture(store: store)
            try await reopened.cache.open(snapshots: snapshots, inBackground: isInBackground)
            // The copy alone has as many questions as the store: only the answer tells that the walk got there.
            while await reopened.cache.lookup(reopened.request("where is the late one")).reply?.text != "late" {
                try await Task.sleep(for: .milliseconds(1))
            }
            let removed = await reopened.cache.lookup(reopened.request("where is parcel number 9 now"))
            #expect(removed.nearest.allSatisfy { $0.question != "Where is parcel number 9 now?" })
            await check(reopened)
        }
    }

    /// The index of an earlier state, brought back beside a store of a later one, must not lend its vectors to other
    /// questions; nor one of another store.
    @Test func aSnapshotOfAnotherStoreIsNotUsed() async throws {
        let snapshots = MemorySnapshots()
        #expect(try await filled(MemoryStore()).cache.saveSnapshot(to: snapshots))
        let other = MemoryStore()
        let fixture = try CacheFixture(store: other)
        for number in 0..<45 { try await fixture.put("A wholly different thing, \(number)?", "other \(number)") }
        let reopened = try CacheFixture(store: other)
        try await reopened.cache.open(snapshots: snapshots)
        #expect(await reopened.cache.statistics().indexedQuestions == 45)
        let verdict = await reopened.cache.lookup(reopened.request("where is parcel number 7 now"))
        #expect(verdict.outcome == .miss)
        #expect(verdict.similarity ?? 0 < 0.8)
    }

    @Test func aSnapshotOfAnotherModelIsNotUsed() async throws {
        let store = MemoryStore()
        let snapshots = MemorySnapshots()
        #expect(try await filled(store).cache.saveSnapshot(to: snapshots))
        // Of the same dimension: only its name tells that its vectors mean something else.
        let other = HashingEmbedder(dimension: 256, id: "other")
        other.behavior = .failing(.unavailable("down"))
        let cache = try SemanticCache(embedder: other, store: store, clock: ManualClock())
        try await cache.open(snapshots: snapshots)
        #expect(await cache.statistics().indexedQuestions == 0)
        other.behavior = .working
        // A sweep while the opening still tries finds nothing to do.
        while await cache.statistics().indexedQuestions < 41 { try await cache.sweep() }
        #expect(
            try await store.questions(after: 0, limit: 99).allSatisfy { $0.question.embeddingModel == other.model.id }
        )
    }

    /// Numbers that only a snapshot knows, because the store lost them, must not come to mean other questions.
    @Test func numbersInASnapshotAreNeverGivenAgain() async throws {
        let store = MemoryStore()
        let fixture = try await filled(store)
        try await fixture.cache.saveSnapshot(to: MemorySnapshots())
        let highest = try await store.questions(after: 0, limit: 99).last?.question.id ?? 0
        _ = try await store.remove(try await store.entries(matching: EntryFilter(), after: nil, limit: 99).map(\.id))
        #expect(try await store.highestQuestionID() >= highest)
        let reopened = try CacheFixture(store: store)
        try await reopened.cache.open()
        try await reopened.put("Is it new?", "yes")
        #expect(try await store.questions(after: highest, limit: 9).count == 1)
    }

    @Test func copiesAreMadeWhileTheCacheRuns() async throws {
        let snapshots = MemorySnapshots()
        let fixture = try CacheFixture(store: MemoryStore())
        let running = Task { try await fixture.cache.run(every: .seconds(30), savingTo: snapshots) }
        for number in 0..<255 { try await fixture.put("Where is parcel number \(number) now?", "at \(number)") }
        try await fixture.clock.waitForSleepers(count: 1)
        fixture.clock.advance(by: .seconds(30))
        try await fixture.clock.waitForSleepers(count: 1)
        #expect(snapshots.content.value.isEmpty, "too little to be worth a copy")
        try await fixture.put("One more?", "yes")
        fixture.clock.advance(by: .seconds(30))
        try await fixture.clock.waitForSleepers(count: 1)
        #expect(snapshots.content.value["partitions"]?.changeCount == 256)
        running.cancel()
        try await running.value
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
                let range = trial % 2 == 0 ? max(0, bytes.count - 300)..<bytes.count : 0..<bytes.count
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
        let cache = try SemanticCache(embedder: other, store: store, clock: ManualClock())
        try await cache.open()
        while await cache.statistics().indexedQuestions < 41 { try await Task.sleep(for: .milliseconds(1)) }
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
        while await reopened.cache.statistics().indexedQuestions < 41 { try await Task.sleep(for: .milliseconds(1)) }
        await check(reopened)
    }
}
