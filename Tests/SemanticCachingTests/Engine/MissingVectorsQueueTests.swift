import Embeddings
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// The queue of questions without a vector, which lasts as long as the embedder is away.
@Suite struct MissingVectorsQueueTests {
    @Test func eachWaitsOnceAndTheOldestGoFirst() {
        let queue = MissingVectors()
        queue.add([3, 1, 3, 2])
        queue.add([1, 4])
        #expect(queue.count == 4)
        #expect(queue.take(2) == [3, 1])
        queue.giveBack([3, 1])
        queue.add([3])
        #expect(queue.take(3) == [3, 1, 2])
        queue.add([3])
        #expect(queue.take(9) == [4, 3])
        #expect(queue.count == 0)
        #expect(queue.take(1).isEmpty)
    }

    @Test func itHasALimit() {
        let queue = MissingVectors(limit: 3)
        queue.add(1...10)
        #expect(queue.count == 3)
        #expect(queue.take(10) == [1, 2, 3])
        queue.add([11])
        #expect(queue.take(10) == [11])
    }

    @Test func whatIsGoneDoesNotWait() {
        let queue = MissingVectors()
        queue.add(1...5_000)
        queue.remove(2...5_000)
        queue.add([2])
        #expect(queue.take(10) == [1, 2])
    }

    /// Answers come and go while the embedder is down: what went is not waited for.
    @Test func removedAnswersLeaveTheQueue() async throws {
        let fixture = try CacheFixture()
        fixture.embedder.behavior = .failing(.unavailable("down"))
        for round in 0..<20 {
            try await fixture.put("How do I reset my password?", "answer \(round)")
        }
        #expect(fixture.cache.missingVectors.count == 1)
        try await fixture.cache.invalidateNamespace(CacheFixture.scope.namespace)
        try await fixture.cache.sweep()
        #expect(fixture.cache.missingVectors.count == 0)
    }
}
