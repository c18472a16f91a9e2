import SemanticCachingTesting
import Testing

@testable import SemanticCaching

/// The epoch that outlives the process never goes back, and one that cannot be read is no epoch 0.
@Suite struct EpochTests {
    private static let namespace = CacheFixture.scope.namespace

    /// A store that holds the writing of one value.
    private struct HoldingStore: ForwardingStore {
        let base = MemoryStore()
        let gate = Gate()
        let held: [UInt8]

        func setMetadata(_ name: String, to value: [UInt8]?) async throws {
            if name == EpochTests.namespace.epochName, value == held { try await gate.pass() }
            try await base.setMetadata(name, to: value)
        }
    }

    private func storedEpoch(_ store: any EntryStore) async throws -> String? {
        try await store.metadata(Self.namespace.epochName).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func aLowerEpochDoesNotReplaceAHigherOne() async throws {
        let fixture = try CacheFixture()
        let namespace = fixture.cache.namespaces[Self.namespace]
        try await fixture.cache.raiseEpoch(of: namespace, to: 9)
        try await fixture.cache.raiseEpoch(of: namespace, to: 6)
        #expect(namespace.epoch == 9)
        #expect(try await storedEpoch(fixture.store) == "9")
    }

    @Test func thoseWhoRaiseItAtOnceDoNotOverwriteEachOther() async throws {
        let store = HoldingStore(held: Array("6".utf8))
        let fixture = try CacheFixture(store: store)
        let namespace = fixture.cache.namespaces[Self.namespace]
        async let slow: Void = fixture.cache.raiseEpoch(of: namespace, to: 6)
        try await store.gate.waitForArrivals(count: 1)
        async let fast: Void = fixture.cache.raiseEpoch(of: namespace, to: 9)
        // If it could come by, it would in so many steps.
        for _ in 0..<1_000 { await Task.yield() }
        store.gate.open()
        try await slow
        try await fast
        #expect(try await storedEpoch(store) == "9")
        let reopened = try CacheFixture(store: store)
        try await reopened.cache.open()
        #expect(reopened.cache.namespaces[Self.namespace].epoch == 9)
    }

    @Test func anEpochThatLeavesNoRoomForTheNextIsNotRaisedTo() async throws {
        let fixture = try CacheFixture()
        let namespace = fixture.cache.namespaces[Self.namespace]
        for epoch in [EpochLimit.value, .max] {
            await #expect(throws: CacheError.self) { try await fixture.cache.raiseEpoch(of: namespace, to: epoch) }
        }
        #expect(namespace.epoch == 0)
        try await fixture.cache.invalidateNamespace(Self.namespace)
        #expect(namespace.epoch == 1)
        #expect(try await storedEpoch(fixture.store) == "1")
    }

    @Test(arguments: ["nine", "18446744073709551615", "9007199254740992", "-1"])
    func anEpochThatCannotBeReadIsAnError(text: String) async throws {
        let fixture = try CacheFixture()
        try await fixture.store.setMetadata(Self.namespace.epochName, to: Array(text.utf8))
        let error = await #expect(throws: CacheError.self) { try await fixture.cache.open() }
        #expect(error?.code == .corruptStore)
        await #expect(throws: CacheError.self) { try await fixture.cache.invalidateNamespace(Self.namespace) }
    }
}
