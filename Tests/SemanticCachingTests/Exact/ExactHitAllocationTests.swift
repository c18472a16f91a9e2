import CAllocationCounter
import SemanticCaching
import Testing

/// What a hit word for word allocates: the bytes and links of its key, two digests, the answer's way to the caller.
@Suite struct ExactHitAllocationTests {
    @Test(.enabled(if: cac_allocations_of_this_thread() >= 0))
    func aHitAllocatesAHandful() async throws {
        let fixture = try CacheFixture()
        let request = fixture.request("How do I reset my password?")
        try await fixture.put("How do I reset my password?", "Choose “Forgot password”.")
        #expect(allocations(of: fixture.cache, request) <= (isRelease ? 7 : 16))
    }

    /// A conversation adds the link of each message, and nothing that grows with its text.
    @Test(.enabled(if: cac_allocations_of_this_thread() >= 0))
    func eachFurtherMessageAddsItsDigest() async throws {
        let fixture = try CacheFixture()
        func request(turns: Int) -> CacheRequest {
            fixture.request("And now?") { request in
                let turn = [ChatMessage.user("Tell me \(turns) more."), .assistant("Here it is.")]
                request.messages = (0..<turns).flatMap { _ in turn } + request.messages
            }
        }
        for turns in [1, 11] { try await fixture.cache.store(CachedReply(text: "Yes."), for: request(turns: turns)) }
        let few = allocations(of: fixture.cache, request(turns: 1))
        let many = allocations(of: fixture.cache, request(turns: 11))
        #expect(many - few <= 20 * 4)
    }

    private var isRelease: Bool { cac_is_release_build() != 0 }

    /// The allocations of one hit; what the runtime allocates once (metadata, a lock's slow path) lands in one round.
    private func allocations(of cache: SemanticCache, _ request: CacheRequest) -> Int {
        let hits = 50
        let rounds = (0..<4).map { _ in
            let before = cac_allocations_of_this_thread()
            for _ in 0..<hits where cache.lookupInMemory(request)?.outcome != .hit { Issue.record("no hit") }
            return (cac_allocations_of_this_thread() - before) / hits
        }
        let least = rounds.min() ?? .max
        print("allocations of an exact hit with \(request.messages.count) messages: \(least)")
        return least
    }
}
