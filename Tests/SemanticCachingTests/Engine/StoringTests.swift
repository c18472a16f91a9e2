import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct StoringTests {
    @Test func onlyCompleteAnswersAreStored() async throws {
        let fixture = try CacheFixture { $0.namespaces.maximumReplyBytes = 1_000 }
        func isStored(_ reply: CachedReply) async throws -> Bool {
            try await fixture.cache.store(reply, for: fixture.request("What is it all about?")) != nil
        }
        #expect(try await !isStored(CachedReply(text: "cut", finishReason: .length)))
        #expect(try await !isStored(CachedReply(text: "withheld", finishReason: .contentFilter)))
        #expect(try await !isStored(CachedReply(text: "call", finishReason: .toolCalls)))
        #expect(try await !isStored(CachedReply(text: "")))
        #expect(try await !isStored(CachedReply(text: String(repeating: "x", count: 2_000))))
        #expect(try await isStored(CachedReply(text: "an answer")))
        #expect(try await fixture.store.usage().entries == 1)
    }

    @Test func noStoreIsObeyed() async throws {
        let fixture = try CacheFixture()
        #expect(try await fixture.put("A question?", "a") { $0.controls.noStore = true } == nil)
        _ = try await fixture.respond("A question?") { $0.controls.noStore = true }
        #expect(try await fixture.store.usage().entries == 0)
    }

    @Test func anotherWordingOfTheSameAnswerBecomesAnAlias() async throws {
        let fixture = try CacheFixture { $0.namespaces.threshold = 0.999 }
        fixture.upstream.enqueue(CachedReply(text: "Choose “Forgot password”."))
        fixture.upstream.enqueue(CachedReply(text: "Choose “Forgot password”."))
        fixture.upstream.enqueue(CachedReply(text: "Another answer."))
        let first = try await fixture.respond("How do I reset my password?")
        let second = try await fixture.respond("How can I reset my password?")
        let third = try await fixture.respond("How can I change my password?")
        #expect(first.entry == second.entry)
        #expect(first.entry != third.entry)
        let usage = try await fixture.store.usage()
        #expect(usage.entries == 2)
        #expect(usage.questions == 3)
        let exact = await fixture.cache.lookup(fixture.request("How can I reset my password?"))
        #expect(exact.entry == first.entry)
        #expect(await fixture.cache.statistics().lookups.aliases == 1)
    }

    @Test func aNewAnswerReplacesTheOldOne() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("What is the price?", "10")
        try await fixture.put("What is the price?", "12")
        #expect(await fixture.cache.lookup(fixture.request("What is the price?")).reply?.text == "12")
        #expect(await fixture.cache.lookup(fixture.request("what is the price")).reply?.text == "12")
        #expect(try await fixture.store.usage().entries == 1)
        #expect(await fixture.cache.statistics().indexedQuestions == 1)
    }

    @Test func removedAnswersAreGoneFromEveryTier() async throws {
        let fixture = try CacheFixture()
        let id = try #require(try await fixture.put("What is the price?", "10"))
        #expect(try await fixture.cache.remove([id]) == 1)
        #expect(await fixture.cache.lookup(fixture.request("What is the price?")).outcome == .miss)
        #expect(await fixture.cache.lookup(fixture.request("what is the price")).reason == .noCandidates)
        #expect(fixture.cache.lookupInMemory(fixture.request("What is the price?")) == nil)
        #expect(try await fixture.cache.remove([id]) == 0)
        let statistics = await fixture.cache.statistics()
        #expect(statistics.indexedQuestions == 0)
        #expect(statistics.partitions == 0)
    }

    @Test func aRaisedEpochHidesWhatWasThere() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("What is the price?", "10")
        try await fixture.cache.invalidateNamespace(CacheFixture.scope.namespace)
        #expect(await fixture.cache.lookup(fixture.request("What is the price?")).outcome == .miss)
        #expect(await fixture.cache.lookup(fixture.request("what is the price")).outcome == .miss)
        try await fixture.put("What is the price?", "12")
        #expect(await fixture.cache.lookup(fixture.request("What is the price?")).reply?.text == "12")
        #expect(try await fixture.cache.sweep() == 0)
        try await fixture.put("Who is the owner?", "she")
        try await fixture.cache.invalidateNamespace(CacheFixture.scope.namespace)
        #expect(try await fixture.cache.sweep() == 2)
        #expect(try await fixture.store.usage().entries == 0)
    }

    @Test func whatTheStoreHoldsIsFoundAfterOpening() async throws {
        let store = MemoryStore()
        let before = try CacheFixture(store: store)
        try await before.put("What is the price?", "10")
        try await before.cache.invalidateNamespace(CacheFixture.scope.namespace)
        try await before.put("How do I reset my password?", "here")
        let after = try CacheFixture(store: store)
        try await after.cache.open()
        #expect(await after.cache.lookup(after.request("how do i reset my password")).tier == .semantic)
        #expect(await after.cache.lookup(after.request("How do I reset my password?")).tier == .store)
        #expect(await after.cache.lookup(after.request("How do I reset my password?")).tier == .exact)
        #expect(await after.cache.lookup(after.request("What is the price?")).outcome == .miss)
        try await after.put("A new question?", "new")
        #expect(try await store.highestQuestionID() == 3)
    }

    @Test func epochNamesKeepTenantAndNameApart() {
        for namespace in [
            NamespaceID(tenant: "a", name: "bc"), NamespaceID(tenant: "ab", name: "c"), NamespaceID(name: "é:1/x"),
            NamespaceID(tenant: "1:ü", name: ""),
        ] {
            #expect(NamespaceID(epochName: namespace.epochName) == namespace)
        }
        #expect(NamespaceID(epochName: "epoch/x") == nil)
        #expect(NamespaceID(epochName: "epoch/9:ab") == nil)
    }

    @Test func invalidSettingsAreRefused() throws {
        #expect(throws: CacheError.self) { try CacheFixture { $0.namespaces.threshold = 1.5 } }
        #expect(throws: CacheError.self) {
            try CacheFixture { $0.rules = [NamespaceRule("a") { $0.maximumEntries = 0 }] }
        }
        let fixture = try CacheFixture()
        #expect(throws: CacheError.self) {
            try fixture.cache.updateSettings(of: NamespaceID(name: "a")) { $0.threshold = -1 }
        }
        try fixture.cache.updateSettings(of: NamespaceID(name: "a")) { $0.threshold = 0.5 }
        #expect(fixture.cache.settings(of: NamespaceID(name: "a")).threshold == 0.5)
    }
}
