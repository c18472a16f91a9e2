import SemanticCaching
import Testing

@testable import RedisTier

@Suite struct FollowedNamespacesTests {
    private func usage(_ name: String, _ usedAt: Int64, _ bytes: Int) -> FollowedNamespaces.Usage {
        FollowedNamespaces.Usage(NamespaceID(tenant: "", name: name), usedAt: usedAt, bytes: bytes)
    }

    private func gone(_ count: Int, _ bytes: Int?, _ usages: [FollowedNamespaces.Usage]) -> [String] {
        FollowedNamespaces(maximumCount: count, maximumBytes: bytes).excess(of: usages).map(\.namespace.name)
    }

    @Test func theLeastRecentlyUsedGoUntilBothLimitsHold() {
        let usages = [usage("b", 2, 30), usage("a", 1, 10), usage("d", 4, 50), usage("c", 3, 20)]
        #expect(gone(4, nil, usages).isEmpty)
        #expect(gone(4, 110, usages).isEmpty)
        #expect(gone(4, 109, usages) == ["a"])
        #expect(gone(4, 70, usages) == ["a", "b"])
        #expect(gone(2, nil, usages) == ["a", "b"])
        #expect(gone(3, 75, usages) == ["a", "b"])
        // The one in use stays.
        #expect(gone(4, 1, usages) == ["a", "b", "c"])
        #expect(gone(0, 0, [usage("a", 1, 10)]).isEmpty)
    }
}
