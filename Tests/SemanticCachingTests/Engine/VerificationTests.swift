import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct VerificationTests {
    private struct Broken: Error {}

    private static let stored = "How do I reset my password?"
    /// Near enough for the band, too far for the threshold.
    private static let asked = "How may I reset the password?"

    private func makeFixture(
        _ verifier: StubVerifier?,
        _ mode: VerificationSettings.Mode = .blocking,
        lowest: Float = 0.3
    ) async throws -> CacheFixture {
        let fixture = try CacheFixture(
            policy: GuardedThresholdPolicy(),
            {
                $0.namespaces.threshold = 0.99
                $0.namespaces.verification.mode = mode
                $0.namespaces.verification.lowestSimilarity = lowest
                $0.namespaces.verification.deadline = .seconds(2)
            },
            verifier: verifier
        )
        try await fixture.put(Self.stored, "Choose “Forgot password”.")
        return fixture
    }

    @Test func aConfirmedMatchIsServedAndSaysSo() async throws {
        let verifier = StubVerifier(answer: true)
        let fixture = try await makeFixture(verifier)
        let verdict = await fixture.cache.lookup(fixture.request(Self.asked))
        #expect(verdict.outcome == .hit)
        #expect(verdict.reason == .semanticMatch)
        #expect(verdict.verification == Verification(verifier: "stub", outcome: .confirmed))
        let pair = VerificationPair(
            question: Self.asked,
            storedQuestion: Self.stored,
            storedAnswer: "Choose “Forgot password”."
        )
        #expect(verifier.pairs == [pair])
    }

    @Test func aRefusedMatchIsAMissAndIsRemembered() async throws {
        let verifier = StubVerifier(answer: false)
        let fixture = try await makeFixture(verifier)
        for _ in 0..<2 {
            let verdict = await fixture.cache.lookup(fixture.request(Self.asked))
            #expect(verdict.outcome == .miss)
            #expect(verdict.reason == .notVerified)
            #expect(verdict.verification?.outcome == .refused)
        }
        #expect(verifier.pairs.count == 1)
    }

    @Test func aFailureIsAMissAndIsNotRemembered() async throws {
        let verifier = StubVerifier(failure: Broken())
        let fixture = try await makeFixture(verifier)
        let failed = await fixture.cache.lookup(fixture.request(Self.asked))
        #expect(failed.outcome == .miss)
        #expect(failed.reason == .verifierUnavailable)
        #expect(failed.verification?.outcome == .failed)
        verifier.set(.answer(true))
        #expect(await fixture.cache.lookup(fixture.request(Self.asked)).outcome == .hit)
    }

    @Test func aLateAnswerIsAMiss() async throws {
        let verifier = StubVerifier(answer: true)
        verifier.gate.close()
        let fixture = try await makeFixture(verifier)
        async let pending = fixture.cache.lookup(fixture.request(Self.asked))
        try await verifier.waitForCalls(count: 1)
        // The deadline of the embedder sleeps no more: it was cancelled when the vector came.
        try await fixture.clock.waitForSleepers(count: 1)
        fixture.clock.advance(by: .seconds(2))
        let verdict = await pending
        #expect(verdict.outcome == .miss)
        #expect(verdict.reason == .verifierUnavailable)
        #expect(verdict.verification?.outcome == .timedOut)
    }

    /// What may happen to an answer while the verifier thinks about it.
    enum Meanwhile: CaseIterable {
        case removed
        case invalidated
        case emptied
        case expired
    }

    @Test(arguments: Meanwhile.allCases)
    func whatIsInvalidatedWhileTheVerifierThinksIsNotServed(_ meanwhile: Meanwhile) async throws {
        let verifier = StubVerifier(answer: true)
        let fixture = try await makeFixture(verifier)
        let entry = try #require(await fixture.cache.lookup(fixture.request(Self.stored)).entry)
        verifier.gate.close()
        async let pending = fixture.cache.lookup(fixture.request(Self.asked))
        try await verifier.waitForCalls(count: 1)
        switch meanwhile {
        case .removed: try await fixture.cache.remove([entry])
        case .invalidated: try await fixture.cache.invalidate(InvalidationSelector(ids: [entry]))
        case .emptied: try await fixture.cache.invalidateNamespace(CacheFixture.scope.namespace)
        case .expired: #expect(try await fixture.store.setExpiry(fixture.clock.now, of: entry))
        }
        verifier.gate.open()
        let verdict = await pending
        #expect(verdict.outcome == .miss)
        #expect(verdict.reply == nil)
        #expect(verdict.reason == .tooOld)
        #expect(verdict.verification?.outcome == .confirmed)
    }

    @Test func onlyTheBandIsPutToTheVerifier() async throws {
        let verifier = StubVerifier(answer: true)
        let fixture = try await makeFixture(verifier, lowest: 0.9)
        let below = await fixture.cache.lookup(fixture.request(Self.asked))
        #expect(below.reason == .belowThreshold)
        let above = await fixture.cache.lookup(fixture.request(Self.stored + "  "))
        #expect(above.outcome == .hit)
        #expect(above.verification == nil)
        #expect(verifier.pairs.isEmpty)
    }

    @Test func whatAGuardForbidsIsNotPutToTheVerifier() async throws {
        let verifier = StubVerifier(answer: true)
        let fixture = try await makeFixture(verifier)
        let verdict = await fixture.cache.lookup(fixture.request("How don't I reset my password?"))
        #expect(verdict.outcome == .miss)
        #expect(verifier.pairs.allSatisfy { !$0.question.contains("don't") })
    }

    @Test func aRequestsOwnSimilarityNarrowsTheBand() async throws {
        let verifier = StubVerifier(answer: true)
        let fixture = try await makeFixture(verifier)
        let verdict = await fixture.cache.lookup(
            fixture.request(Self.asked) { $0.controls.threshold = 0.98 }
        )
        #expect(verdict.outcome == .miss)
        #expect(verifier.pairs.isEmpty)
    }

    @Test func manyCallersShareOneCall() async throws {
        let verifier = StubVerifier(answer: true)
        verifier.gate.close()
        let fixture = try await makeFixture(verifier)
        let outcomes = try await withThrowingTaskGroup(of: Verdict.Outcome.self) { group in
            for _ in 0..<8 {
                group.addTask { await fixture.cache.lookup(fixture.request(Self.asked)).outcome }
            }
            // Each caller sleeps towards its own deadline while one of them asks.
            try await fixture.clock.waitForSleepers(count: 8)
            verifier.gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: .hit, count: 8))
        #expect(verifier.pairs.count == 1)
    }

    @Test func asynchronouslyTheModelAnswersAndTheWordingIsPromoted() async throws {
        let verifier = StubVerifier(answer: true)
        verifier.gate.close()
        let fixture = try await makeFixture(verifier, .asynchronous)
        fixture.upstream.enqueue(CachedReply(text: "the model's own words"))
        let response = try await fixture.respond(Self.asked)
        #expect(response.reply.text == "the model's own words")
        #expect(response.verdict.reason == .verificationPending)
        #expect(response.verdict.verification?.outcome == .deferred)
        try await verifier.waitForCalls(count: 1)
        verifier.gate.open()
        while try await fixture.store.usage().entries > 1 { try await Task.sleep(for: .milliseconds(1)) }
        while try await fixture.store.usage().questions < 2 { try await Task.sleep(for: .milliseconds(1)) }
        // The store is first; then the exact tier forgets the model's own words.
        while await fixture.cache.lookup(fixture.request(Self.asked)).reply?.text != "Choose “Forgot password”." {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test func asynchronouslyARefusalLeavesBothAnswers() async throws {
        let verifier = StubVerifier(answer: false)
        let fixture = try await makeFixture(verifier, .asynchronous)
        _ = try await fixture.respond(Self.asked)
        try await verifier.waitForCalls(count: 1)
        #expect(try await fixture.store.usage().entries == 2)
        #expect(await fixture.cache.lookup(fixture.request(Self.asked)).reply?.text == "answer to \(Self.asked)")
    }

    @Test func offOrWithoutAVerifierNothingIsAsked() async throws {
        let verifier = StubVerifier(answer: true)
        let off = try await makeFixture(verifier, .off)
        #expect(await off.cache.lookup(off.request(Self.asked)).reason == .belowThreshold)
        let without = try await makeFixture(nil)
        #expect(await without.cache.lookup(without.request(Self.asked)).reason == .belowThreshold)
        #expect(verifier.pairs.isEmpty)
    }

    @Test func settingsOutOfRangeAreRefused() throws {
        var settings = NamespaceSettings()
        settings.verification.deadline = .zero
        #expect(throws: CacheError.self) { try settings.validate() }
        settings = NamespaceSettings()
        settings.verification.lowestProbability = 1.5
        #expect(throws: CacheError.self) { try settings.validate() }
    }
}
