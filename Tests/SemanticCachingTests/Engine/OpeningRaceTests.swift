import SemanticCaching
import SemanticCachingTesting
import Testing

/// What is stored while the cache is being opened stays findable.
@Suite struct OpeningRaceTests {
    /// Snapshots in memory that let a test act when one is read.
    private final class HookedSnapshots: SnapshotStore {
        struct Image: SnapshotImage {
            let bytes: [UInt8]
            func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
                try bytes.withUnsafeBytes(body)
            }
        }

        let content = Watched<[String: (bytes: [UInt8], changeCount: UInt64)]>([:])
        let onLoad = Watched<@Sendable () async -> Void>({})

        func save(as name: String, changeCount: UInt64, _ write: SnapshotContent) async throws {
            let pieces = Watched<[UInt8]>([])
            try await write { piece in pieces.update { $0 += piece } }
            content.update { $0[name] = (pieces.value, changeCount) }
        }

        func load(_ name: String) async -> SnapshotOutcome {
            await onLoad.value()
            guard let found = content.value[name] else { return .unusable(reason: "there is none") }
            return .loaded(Image(bytes: found.bytes), changeCount: found.changeCount)
        }

        func remove(_ name: String) async throws { content.update { $0[name] = nil } }
        func names() async throws -> [String] { content.value.keys.sorted() }
    }

    /// A store that holds the insertion of one question, and tells when a page of the walk is being accounted for.
    private struct HookedStore: ForwardingStore {
        static let held = "How do I reset my password?"
        let base = MemoryStore()
        let insertions = Gate()
        let onUse = Watched<@Sendable () async -> Void>({})

        func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
            if question.text == Self.held { try await insertions.pass() }
            return try await base.insert(entry, question: question)
        }

        func use(of entries: [EntryID]) async throws -> [EntryUse] {
            await onUse.value()
            return try await base.use(of: entries)
        }
    }

    @Test func aQuestionThatIsStoredBehindTheWalkStaysFindable() async throws {
        let store = HookedStore()
        let snapshots = HookedSnapshots()
        let before = try CacheFixture(store: store)
        for number in 0..<40 { try await before.put("Where is parcel number \(number) now?", "at \(number)") }
        #expect(try await before.cache.saveSnapshot(to: snapshots))
        // The snapshot is of an earlier state, so that the opening looks for what is gone.
        try await before.put("Where is the late one?", "late")

        let fixture = try CacheFixture(store: store)
        let storing = Watched<Task<EntryID?, any Error>?>(nil)
        // Its number is drawn before the walk begins, and before that of another one …
        snapshots.onLoad.update { hook in
            hook = {
                guard storing.value == nil else { return }
                storing.update { task in task = Task { try await fixture.put(HookedStore.held, "here") } }
                try? await store.insertions.waitForArrivals(count: 1)
                _ = try? await fixture.put("Where is the exit?", "there")
            }
        }
        // … and it is stored when the walk has passed.
        store.onUse.update { hook in
            hook = {
                store.insertions.open()
                _ = await storing.value?.result
            }
        }
        try await fixture.cache.open(snapshots: snapshots)
        #expect(try await storing.value?.value != nil)
        let verdict = await fixture.cache.lookup(fixture.request("how do i reset my password"))
        #expect(verdict.tier == .semantic)
        #expect(verdict.reply?.text == "here")
        #expect(await fixture.cache.statistics().indexedQuestions == 43)
    }
}
