import CAllocationCounter
import SemanticCaching
import SemanticCachingTesting
import Testing

/// Namespaces are not forgotten while the process runs: docs/OPERATIONS.md says what one takes that was only asked.
@Suite struct NamespaceMemoryTests {
    /// In a process of its own, since what the other tests allocate meanwhile would be counted too.
    @Test(.enabled(if: cac_allocated_bytes() >= 0), arguments: [(false, 4), (true, 128)])
    func aNamespaceThatWasOnlyAskedTakesLittle(learns: Bool, kilobytes: Int) async throws {
        await #expect(processExitsWith: .success) { [learns, kilobytes] in
            let fixture = try CacheFixture { if learns { $0.namespaces.maximumErrorRate = 0.01 } }
            let (rounds, count) = (16, 250)
            var least = Int.max
            for round in 0..<rounds {
                let before = cac_allocated_bytes()
                for number in 0..<count {
                    let scope = CacheScope(tenant: "tenant-\(round)-\(number)", namespace: "faq", model: "m")
                    #expect(await fixture.cache.lookup(CacheRequest("Is it open?", scope: scope)).outcome == .miss)
                }
                // Tables grow by doubling, in a few rounds only.
                least = min(least, (cac_allocated_bytes() - before) / count)
            }
            #expect(least < kilobytes << 10, "\(least) bytes")
            #expect(await fixture.cache.statistics().namespaces.count == rounds * count)
        }
    }
}
