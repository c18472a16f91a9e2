import Logging
import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// Who waits for another replica's call to the model does not wait for ever.
@Suite(.timeLimit(.minutes(2))) struct LeaseWaitTests {
    /// A tier in which other replicas have the lease, one after the other.
    private final class BusyTier: SharedTier {
        let maximumLeaseDuration: Duration
        let turns: Int
        let waits = Watched(0)

        init(maximumLeaseDuration: Duration, turns: Int) {
            self.maximumLeaseDuration = maximumLeaseDuration
            self.turns = turns
        }

        func lease(key: Digest256, in namespace: NamespaceID) async throws -> SharedLease {
            waits.value < turns ? .taken : .granted(.init(key: key, namespace: namespace, secret: "s"))
        }
        func change(of key: Digest256, in namespace: NamespaceID) async throws {
            waits.update { $0 += 1 }
            await Task.yield()
        }

        func match(key: Digest256, in namespace: NamespaceID) async throws -> StoredMatch? { nil }
        func publish(_ entry: CacheEntry, question: CachedQuestion, isAlias: Bool) {}
        func remove(_ entries: [EntryID], in namespace: NamespaceID) async throws {}
        func invalidate(_ selector: InvalidationSelector) async throws -> [EntryID] { [] }
        func raiseEpoch(of namespace: NamespaceID, toAtLeast epoch: UInt64) async throws -> UInt64 { epoch }
        func isCurrent(_ namespace: NamespaceID, within bound: Duration) -> Bool { true }
        func noteUse(of namespace: NamespaceID) {}
        func waitForRoom() async {}
        func release(_ token: SharedLease.Token) {}
        var statistics: SharedTierStatistics { SharedTierStatistics() }
        func run(delivering changes: any SharedTierReceiver) async throws {}
    }

    private func answer(_ tier: BusyTier) async throws -> String {
        let cache = try SemanticCache(
            embedder: nil,
            sharedTier: tier,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let request = CacheRequest("How do I reset my password?", scope: CacheFixture.scope)
        return try await cache.respond(to: request) { _ in CachedReply(text: "Click.") }.reply.text
    }

    @Test func afterTheLongestLeaseTheModelIsAsked() async throws {
        let tier = BusyTier(maximumLeaseDuration: .zero, turns: .max)
        #expect(try await answer(tier) == "Click.")
        #expect(tier.waits.value == 0)
    }

    @Test func untilThenItWaitsForItsTurn() async throws {
        let tier = BusyTier(maximumLeaseDuration: .seconds(3_600), turns: 3)
        #expect(try await answer(tier) == "Click.")
        #expect(tier.waits.value == 3)
    }

    @Test func aTierThatSaysNothingLendsForTwoMinutes() {
        #expect(StubTier().maximumLeaseDuration == .seconds(120))
    }
}
