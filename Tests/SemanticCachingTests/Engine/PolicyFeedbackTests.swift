import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct PolicyFeedbackTests {
    private static let namespace = CacheFixture.scope.namespace

    private func makeFixture() throws -> CacheFixture {
        try CacheFixture({
            $0.namespaces.maximumErrorRate = 0.05
            $0.namespaces.judgeRate = 0
        })
    }

    /// Answers of several wordings: one that says the same as a neighbour's joins it.
    private static func fillWithWordings(_ fixture: CacheFixture) async throws {
        for topic in 0..<55 {
            for wording in 0..<4 {
                fixture.upstream.enqueue(CachedReply(text: "answer \(topic)"))
                _ = try await fixture.respond("topic\(topic) alpha\(topic) beta\(topic) wording\(wording)")
            }
        }
        let usage = try await fixture.store.usage()
        #expect(usage.entries < usage.questions)
        #expect(usage.questions > 200)
    }

    @Test func aPersonsWordIsLearnedAndSurvives() async throws {
        let fixture = try makeFixture()
        let entry = try #require(try await fixture.put("How do I reset my password?", "here"))
        let asked = "How may I reset the password?"
        #expect(try await fixture.cache.learn(fromPerson: true, about: entry, servedTo: asked))
        #expect(fixture.cache.learnedPolicy(of: Self.namespace)?.labelCount == 1)
        let reopened = try CacheFixture(store: fixture.store, { $0.namespaces.maximumErrorRate = 0.05 })
        try await reopened.cache.open()
        #expect(reopened.cache.learnedPolicy(of: Self.namespace)?.labelCount == 1)
    }

    @Test func recordsOfAnswersSurvive() async throws {
        let fixture = try makeFixture()
        let entry = try #require(try await fixture.put("How do I reset my password?", "here"))
        try await fixture.cache.learn(fromPerson: true, about: entry, servedTo: "How may I reset the password?")
        try await fixture.cache.learn(fromPerson: false, about: entry, servedTo: "How do I reset my thermostat?")
        let name = Self.namespace.judgedAnswersName
        let model = fixture.embedder.model.id
        let saved = JudgedAnswers(try #require(try await fixture.store.metadata(name)), embeddingModel: model)
        let record = try #require(saved?.statistics[entry])
        #expect(record.judgedRight == 1 && record.judgedWrong == 1)

        // Another process goes on from there, and counts no word twice.
        let reopened = try CacheFixture(store: fixture.store, { $0.namespaces.maximumErrorRate = 0.05 })
        try await reopened.cache.open()
        try await reopened.cache.learn(fromPerson: false, about: entry, servedTo: "How do I reset my computer?")
        let later = JudgedAnswers(try #require(try await fixture.store.metadata(name)), embeddingModel: model)
        #expect(later?.statistics[entry]?.judgedRight == 1)
        #expect(later?.statistics[entry]?.judgedWrong == 2)
        #expect(later?.statistics[entry]?.lowestRightSimilarity == record.lowestRightSimilarity)
    }

    @Test func nothingIsLearnedOfUnknownAnswersOrWithoutARate() async throws {
        let fixture = try makeFixture()
        var generator = SystemRandomNumberGenerator()
        let unknown = EntryID(at: fixture.clock.now, using: &generator)
        #expect(try await !fixture.cache.learn(fromPerson: true, about: unknown, servedTo: "anything"))
        let plain = try CacheFixture()
        let entry = try #require(try await plain.put("How do I reset my password?", "here"))
        #expect(try await !plain.cache.learn(fromPerson: true, about: entry, servedTo: "reset the password"))
    }

    @Test func answersWithSeveralWordingsTrainTheirNamespaceAndItsChildren() async throws {
        let fixture = try makeFixture()
        #expect(try await fixture.cache.train(Self.namespace) == 0)
        try await Self.fillWithWordings(fixture)
        let labels = try await fixture.cache.train(Self.namespace)
        #expect(labels == (try await fixture.store.usage().questions) - 1)
        let learner = try #require(fixture.cache.learnedPolicy(of: Self.namespace))
        #expect(learner.origin == .own)
        #expect(learner.drift.alarmCount == 0)

        let child = NamespaceID(name: "faq/returns")
        #expect(fixture.cache.learnedPolicy(of: child)?.origin == .parent)
        #expect(fixture.cache.learnedPolicy(of: child)?.fit == learner.fit)
        #expect(fixture.cache.learnedPolicy(of: NamespaceID(name: "other"))?.origin == PolicyLearner.Origin.none)
        let stranger = NamespaceID(tenant: "t", name: "faq/returns")
        #expect(fixture.cache.learnedPolicy(of: stranger)?.origin == PolicyLearner.Origin.none)
    }

    @Test func aNamespaceWithoutARateCannotBeTrained() async throws {
        let fixture = try CacheFixture()
        await #expect(throws: CacheError.self) { try await fixture.cache.train(Self.namespace) }
    }
}
