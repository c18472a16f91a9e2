import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct RememberedFailureTests {
    private let failure = DeterministicFailure("too long", timeToLive: .seconds(600))

    @Test func anInvalidationForgetsFailures() async throws {
        let fixture = try CacheFixture()
        for invalidate in [
            { try await $0.invalidateNamespace(CacheFixture.scope.namespace) },
            { _ = try await $0.invalidate(InvalidationSelector(tag: "doc:1")) },
        ] as [@Sendable (SemanticCache) async throws -> Void] {
            fixture.upstream.enqueue(failure: failure)
            for _ in 0..<2 {
                await #expect(throws: DeterministicFailure.self) { try await fixture.respond("A long prompt") }
            }
            try await invalidate(fixture.cache)
        }
        #expect(try await fixture.respond("A long prompt").reply.text == "answer to A long prompt")
        #expect(fixture.upstream.callCount == 3)
    }

    @Test func aRequestThatStoresNothingLeavesNoFailure() async throws {
        let fixture = try CacheFixture()
        fixture.upstream.enqueue(failure: failure)
        await #expect(throws: DeterministicFailure.self) {
            try await fixture.respond("A long prompt") { $0.controls.noStore = true }
        }
        #expect(try await fixture.respond("A long prompt").reply.text == "answer to A long prompt")
    }
}
