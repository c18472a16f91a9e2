import Embeddings
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct LookupTests {
    @Test func theSameRequestHitsWordForWord() async throws {
        let fixture = try CacheFixture()
        let id = try await fixture.put("How do I reset my password?", "Choose “Forgot password”.")
        let verdict = await fixture.cache.lookup(fixture.request("How do I reset my password?"))
        #expect(verdict.outcome == .hit)
        #expect(verdict.tier == .exact)
        #expect(verdict.reason == .exactMatch)
        #expect(verdict.reply?.text == "Choose “Forgot password”.")
        #expect(verdict.entry == id)
        #expect(verdict.similarity == 1)
        #expect(fixture.cache.lookupInMemory(fixture.request("How do I reset my password?"))?.outcome == .hit)
    }

    @Test func anotherWordingHitsByItsMeaning() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("How do I reset my password?", "Choose “Forgot password”.")
        let verdict = await fixture.cache.lookup(fixture.request("how do i reset my password"))
        #expect(verdict.outcome == .hit)
        #expect(verdict.tier == .semantic)
        #expect(verdict.reason == .semanticMatch)
        #expect(verdict.nearest.first?.question == "How do I reset my password?")
        #expect((verdict.similarity ?? 0) >= (verdict.threshold ?? 2))
    }

    @Test func anotherQuestionMissesAndSaysHowFarItWas() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("How do I reset my password?", "Choose “Forgot password”.")
        let verdict = await fixture.cache.lookup(fixture.request("Where is my parcel now?"))
        #expect(verdict.outcome == .miss)
        #expect(verdict.reason == .belowThreshold)
        #expect(verdict.reply == nil)
        #expect(verdict.nearest.count == 1)
        #expect((verdict.similarity ?? 1) < 0.8)
    }

    @Test func anEmptyCacheMisses() async throws {
        let fixture = try CacheFixture()
        let verdict = await fixture.cache.lookup(fixture.request("Anything at all?"))
        #expect(verdict.reason == .noCandidates)
        #expect(fixture.cache.lookupInMemory(fixture.request("Anything at all?")) == nil)
    }

    private static let boundaries: [@Sendable (inout CacheRequest) -> Void] = [
        { $0.scope.namespace = NamespaceID(tenant: "other", name: "faq") },
        { $0.scope.namespace = NamespaceID(name: "other") },
        { $0.scope.model = "other" },
        { $0.scope.promptVersion = "other" },
        { $0.messages.insert(.system("Answer as a pirate."), at: 0) },
        { $0.parameters["seed"] = 1 },
        { $0.parameters["response_format"] = ["type": "json_object"] },
        { $0.messages.insert(contentsOf: [.user("Hi"), .assistant("Hello")], at: 0) },
    ]

    @Test(arguments: boundaries.indices) func nothingCrossesAScope(index: Int) async throws {
        let fixture = try CacheFixture()
        let question = "How do I reset my password?"
        try await fixture.put(question, "here")
        let across = await fixture.cache.lookup(fixture.request(question, Self.boundaries[index]))
        #expect(across.outcome == .miss)
        #expect(across.nearest.isEmpty)
        // And the other way round.
        try await fixture.put("Where is my parcel?", "there", Self.boundaries[index])
        #expect(await fixture.cache.lookup(fixture.request("Where is my parcel?")).outcome == .miss)
        #expect(
            await fixture.cache.lookup(fixture.request("Where is my parcel?", Self.boundaries[index])).outcome == .hit
        )
    }

    @Test func aSharedNamespaceCrossesTenantsAndNothingElseDoes() async throws {
        let fixture = try CacheFixture { $0.rules = [NamespaceRule("public") { $0.isShared = true }] }
        let forTenant: @Sendable (String, String) -> (@Sendable (inout CacheRequest) -> Void) = { tenant, name in
            { $0.scope.namespace = NamespaceID(tenant: tenant, name: name) }
        }
        try await fixture.put("What are your opening hours?", "9 to 5", forTenant("a", "public"))
        let shared = await fixture.cache.lookup(
            fixture.request("What are your opening hours?", forTenant("b", "public"))
        )
        #expect(shared.outcome == .hit)
        let other = await fixture.cache.lookup(
            fixture.request("What are your opening hours?", forTenant("b", "private"))
        )
        #expect(other.outcome == .miss)
        let forged = await fixture.cache.lookup(
            fixture.request("What are your opening hours?", forTenant("*", "public"))
        )
        #expect(forged.outcome == .bypass)
        let selector = InvalidationSelector(namespace: NamespaceID(tenant: "c", name: "public"))
        #expect(try await fixture.cache.preview(selector).entries == 1)
        #expect(try await fixture.cache.invalidate(selector) == 1, "it is the namespace of this tenant too")
    }

    @Test func aCollisionOfKeysIsAMiss() async throws {
        let fixture = try CacheFixture()
        let request = fixture.request("How do I reset my password?")
        let key = RequestKey(request, namespace: request.scope.namespace)
        var generator = SystemRandomNumberGenerator()
        let entry = CacheEntry(
            id: EntryID(at: fixture.clock.now, using: &generator),
            namespace: request.scope.namespace,
            model: "m",
            reply: CachedReply(text: "the answer to another request with the same key"),
            createdAt: fixture.clock.now
        )
        let question = CachedQuestion(
            id: 1,
            entry: entry.id,
            text: "Something else",
            key: key.exact,
            check: Digest256(hashing: [1, 2, 3]),
            createdAt: fixture.clock.now
        )
        _ = try await fixture.store.insert(entry, question: question)
        let verdict = await fixture.cache.lookup(request)
        #expect(verdict.outcome == .miss)
        fixture.cache.exact.insert(
            ExactRecord(entry: entry, check: question.check),
            for: key.exact,
            byteCount: 1,
            expiresAt: nil,
            now: fixture.clock.now
        )
        #expect(await fixture.cache.lookup(request).outcome == .miss)
    }

    @Test func hotterRequestsPassByTheCache() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("How do I reset my password?", "here") { $0.parameters.temperature = 0 }
        func outcome(_ temperature: Double?) async -> Verdict.Outcome {
            await fixture.cache.lookup(
                fixture.request("How do I reset my password?") { $0.parameters.temperature = temperature }
            ).outcome
        }
        #expect(await outcome(0) == .hit)
        #expect(await outcome(0.7) == .bypass)
        #expect(await outcome(nil) == .miss)
        let id = try await fixture.put("Say something new", "new") { $0.parameters.temperature = 0.7 }
        #expect(id == nil)
    }

    @Test func deterministicOnlyTakesAnAbsentTemperatureForOne() async throws {
        let fixture = try CacheFixture { $0.namespaces.deterministicOnly = true }
        #expect(await fixture.cache.lookup(fixture.request("Hello there")).reason == .temperature)
        let cold = fixture.request("Hello there") { $0.parameters.temperature = 0 }
        #expect(await fixture.cache.lookup(cold).outcome == .miss)
    }

    @Test func controlsNarrowTheLookup() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("How do I reset my password?", "here")
        func verdict(_ question: String, _ controls: CacheControls) async -> Verdict {
            await fixture.cache.lookup(fixture.request(question) { $0.controls = controls })
        }
        let same = "How do I reset my password?"
        let similar = "how do i reset the password"
        #expect(await verdict(same, CacheControls(mode: .off)).outcome == .bypass)
        #expect(await verdict(same, CacheControls(noCache: true)).reason == .noCache)
        #expect(await verdict(similar, CacheControls(mode: .exact)).reason == .exactOnly)
        #expect(await verdict(same, CacheControls(mode: .exact)).outcome == .hit)
        #expect(await verdict(similar, CacheControls(threshold: 0.9999)).reason == .belowThreshold)
        #expect(await verdict(similar, CacheControls(threshold: 0.1)).threshold == 0.8)
        fixture.clock.advance(by: .seconds(100))
        #expect(await verdict(same, CacheControls(maximumAge: .seconds(60))).reason == .tooOld)
        #expect(await verdict(same, CacheControls(maximumAge: .seconds(200))).age == .seconds(100))
    }

    @Test func shortQuestionsAndToolsAreMatchedWordForWord() async throws {
        let fixture = try CacheFixture { $0.namespaces.minimumQuestionLength = 5 }
        try await fixture.put("Yes!", "ok")
        #expect(await fixture.cache.lookup(fixture.request("Yes?")).reason == .tooShort)
        #expect(await fixture.cache.lookup(fixture.request("Yes!")).outcome == .hit)
        let agent = fixture.request("Delete the oldest file") {
            $0.parameters["tools"] = [["type": "function", "function": ["name": "delete"]]]
        }
        #expect(await fixture.cache.lookup(agent).reason == .exactOnly)
        let result = fixture.request("x") { $0.messages[0].role = .tool }
        #expect(await fixture.cache.lookup(result).reason == .notAQuestion)
    }

    @Test func aFailingEmbedderLeavesTheExactTier() async throws {
        let fixture = try CacheFixture()
        try await fixture.put("How do I reset my password?", "here")
        fixture.embedder.behavior = .failing(.unavailable("no server"))
        #expect(await fixture.cache.lookup(fixture.request("How do I reset my password?")).outcome == .hit)
        let verdict = await fixture.cache.lookup(fixture.request("how can I reset it?"))
        #expect(verdict.outcome == .miss)
        #expect(verdict.reason == .embedderUnavailable)
    }

    @Test func aHangingEmbedderCostsItsDeadlineAndNoMore() async throws {
        let fixture = try CacheFixture()
        let gate = Gate()
        fixture.embedder.behavior = .held(gate)
        async let verdict = fixture.cache.lookup(fixture.request("how can I reset it?"))
        try await fixture.clock.waitForSleepers(count: 1)
        fixture.clock.advance(by: .seconds(2))
        #expect(await verdict.reason == .embedderUnavailable)
        gate.open()
    }

    @Test func aTextIsEmbeddedOnce() async throws {
        let fixture = try CacheFixture()
        for _ in 0..<3 { _ = await fixture.cache.lookup(fixture.request("Where is my parcel?")) }
        #expect(fixture.embedder.callCount == 1)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask { _ = await fixture.cache.lookup(fixture.request("Who are you, then?")) }
            }
        }
        #expect(fixture.embedder.embeddedTexts.filter { $0 == "Who are you, then?" }.count == 1)
    }

    @Test func shadowModeCountsButNeverServes() async throws {
        let fixture = try CacheFixture { $0.namespaces.isShadow = true }
        try await fixture.put("How do I reset my password?", "here")
        let verdict = await fixture.cache.lookup(fixture.request("how do i reset my password"))
        #expect(verdict.outcome == .miss)
        #expect(verdict.reason == .shadow)
        #expect(verdict.reply == nil)
    }
}
