import SemanticCaching
import SemanticCachingTesting
import Testing

/// A conversation that was answered by the meaning of its question is known when it goes on.
@Suite struct SemanticHitPrefixTests {
    @Test func aHitInMeaningLeavesAPrefix() async throws {
        let session = try ConversationSession(mode: .slim) { _ in
        } cache: { _ in
        }
        var messages: [ChatMessage] = [.system("Be brief.")]
        _ = try await session.converse("a", turns: 0..<3, &messages)
        let asked = messages + [.user("How do I reset my old password now?")]
        _ = try await session.respond(asked)
        let calls = session.prompts.count
        let reworded = messages + [.user("how do i reset my old password now")]
        let hit = try await session.respond(reworded, tags: ["doc:1"])
        #expect(hit.context == "semantic")
        #expect(session.prompts.count == calls)
        let next = reworded + [.assistant(hit.reply.text), .user("and now, please?")]
        #expect(await session.prepare(next).mode == .slim)
        try await session.fixture.cache.invalidate(InvalidationSelector(tag: "doc:1"))
        #expect(await session.prepare(next).reason == .unknownPrefix)
    }
}
