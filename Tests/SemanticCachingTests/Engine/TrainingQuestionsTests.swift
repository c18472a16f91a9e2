import Embeddings
import SemanticCaching
import SemanticCachingTesting
import Testing

/// Training reads as much of a store as it plays, however much there is.
@Suite struct TrainingQuestionsTests {
    /// Notes whose questions are read one answer at a time.
    private struct WatchedStore: ForwardingStore {
        let base = MemoryStore()
        let read = Watched<[EntryID]>([])

        func questions(of entry: EntryID) async throws -> [CachedQuestion] {
            read.update { $0.append(entry) }
            return try await base.questions(of: entry)
        }
    }

    /// Stores 40 answers, of which every tenth has three wordings.
    private func fill(_ fixture: CacheFixture) async throws -> [EntryID] {
        var number: UInt64 = 0
        var answers: [EntryID] = []
        for topic in 0..<40 {
            let id = EntryID(high: UInt64(topic) + 1, low: 0)
            let entry = CacheEntry(
                id: id,
                namespace: CacheFixture.scope.namespace,
                model: "m",
                reply: CachedReply(text: "answer \(topic)"),
                createdAt: fixture.clock.now
            )
            for wording in 0..<(topic.isMultiple(of: 10) ? 3 : 1) {
                number += 1
                let text = "topic\(topic) alpha\(topic) beta\(topic) wording\(wording)"
                let question = CachedQuestion(
                    id: number,
                    entry: id,
                    text: text,
                    key: Digest256(hashing: Array(text.utf8)),
                    check: Digest256(hashing: Array(text.utf8.reversed())),
                    partition: Digest256(hashing: [1]),
                    embeddingModel: fixture.embedder.model.id,
                    vector: try HashingEmbedder.embedding(of: text, dimension: 256).vector,
                    createdAt: fixture.clock.now
                )
                if wording == 0 {
                    _ = try await fixture.store.insert(entry, question: question)
                } else {
                    #expect(try await fixture.store.addQuestion(question))
                }
            }
            answers.append(id)
        }
        return answers
    }

    @Test(arguments: [5, 12, 14, 1_000])
    func onlyWhatIsPlayedIsRead(limit: Int) async throws {
        let store = WatchedStore()
        let fixture = try CacheFixture(store: store) { $0.namespaces.maximumErrorRate = 0.05 }
        let answers = try await fill(fixture)
        store.read.update { $0.removeAll() }
        let labels = try await fixture.cache.train(CacheFixture.scope.namespace, limit: limit)
        #expect(labels > 0 && labels < limit)
        let several = answers.enumerated().filter { $0.offset.isMultiple(of: 10) }.map(\.element)
        let single = answers.enumerated().filter { !$0.offset.isMultiple(of: 10) }.map(\.element)
        let count = limit <= 12 ? (limit + 2) / 3 : min(limit - 12 + 4, 40)
        #expect(store.read.value == Array((several + single).prefix(count)))
    }
}
