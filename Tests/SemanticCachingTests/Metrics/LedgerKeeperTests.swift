import Testing

@testable import SemanticCaching

/// However many namespaces there are, a day has a bounded number of accounts, and nothing is lost.
@Suite struct LedgerKeeperTests {
    private func accounts(of tenants: ClosedRange<Int>, misses: Int) -> [(id: NamespaceID, counts: LedgerCounts)] {
        tenants.map { tenant in
            var counts = LedgerCounts()
            counts[.misses] = misses
            return (NamespaceID(tenant: "tenant \(tenant)", name: "default"), counts)
        }
    }

    private func misses(_ store: MemoryStore, on day: String) async throws -> [String: Int] {
        let rows = try await store.ledger().filter { $0.day == day }.map { ($0.namespace.tenant, $0.counts[.misses]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    @Test func whoComesAfterTheLastAccountSharesOne() async throws {
        let store = MemoryStore()
        let keeper = LedgerKeeper(maximumAccounts: 2)
        try await keeper.flush(accounts(of: 1...1, misses: 1), day: "2026-11-21", to: store)
        try await keeper.flush(accounts(of: 1...5, misses: 2), day: "2026-11-21", to: store)
        #expect(try await misses(store, on: "2026-11-21") == ["tenant 1": 2, "tenant 2": 2, "": 6])
        #expect(try await store.ledger().contains { $0.namespace == LedgerKeeper.others })
        // What has an account keeps it, in another process too.
        let again = LedgerKeeper(maximumAccounts: 2)
        try await again.flush(accounts(of: 2...6, misses: 10), day: "2026-11-21", to: store)
        #expect(try await misses(store, on: "2026-11-21") == ["tenant 1": 2, "tenant 2": 12, "": 46])
    }

    @Test func everyDayHasRoomAnew() async throws {
        let store = MemoryStore()
        let keeper = LedgerKeeper(maximumAccounts: 2)
        try await keeper.flush(accounts(of: 1...3, misses: 1), day: "2026-11-20", to: store)
        try await keeper.flush(accounts(of: 3...5, misses: 3), day: "2026-11-21", to: store)
        #expect(try await misses(store, on: "2026-11-20") == ["tenant 1": 1, "tenant 2": 1, "": 1])
        #expect(try await misses(store, on: "2026-11-21") == ["tenant 3": 2, "tenant 4": 3, "": 3])
    }
}
