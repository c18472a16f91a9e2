import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@testable import CacheServer

/// What one tenant adds takes nothing from another, and has its bounds.
@Suite struct QuotaTests {
    private func key(_ name: String) -> [(name: String, value: String)] { [("authorization", "Bearer \(name)")] }

    @Test func aTenantGivesUpItsOwnAnswersAndNoOthers() async throws {
        let settings = Rig.Settings(server: { $0.limits.maximumEntriesPerTenant = 3 })
        try await Rig.run(settings) { (rig: Rig) async throws in
            _ = try await rig.chat("of another", key("b"))
            for number in 0..<10 {
                // Namespaces are no way around it.
                let namespace = (name: "x-semcache-namespace", value: "n\(number % 2)")
                _ = try await rig.chat("question \(number)", key("a") + [namespace])
            }
            #expect(await rig.cache.statistics().store.entries == 4)
            #expect(try await rig.chat("of another", key("b"))["x-semcache"] == "HIT")
            #expect(try await rig.admin("GET", "/metrics").text.contains("semcache_quota_evictions_total 7"))
        }
    }

    @Test func bytesAreBoundedToo() async throws {
        let settings = Rig.Settings(server: { $0.limits.maximumBytesPerTenant = 4_096 })
        try await Rig.run(settings) { (rig: Rig) async throws in
            for number in 0..<20 { _ = try await rig.chat("question \(number)", key("a")) }
            let usage = try await rig.cache.store.usage()
            #expect(usage.entries > 0)
            #expect(usage.entries < 20)
            #expect(usage.bytes <= 4_096)
        }
    }

    @Test func soManyAnswersAreStoredInAMinute() async throws {
        let clock = ManualClock()
        let settings = Rig.Settings(clock: clock, server: { $0.limits.maximumStoresPerMinute = 2 })
        try await Rig.run(settings) { (rig: Rig) async throws in
            for number in 0..<3 { #expect(try await rig.chat("question \(number)", key("a")).status == 200) }
            #expect(try await rig.chat("of another", key("b")).status == 200)
            let inputs = try await rig.post("/v1/embeddings", ["model": "e", "input": ["x", "y"]], key("a"))
            #expect(inputs.status == 200)
            #expect(await rig.cache.statistics().store.entries == 3)
            #expect(try await rig.admin("GET", "/metrics").text.contains("semcache_quota_refusals_total 3"))
            clock.advance(by: .seconds(60))
            _ = try await rig.chat("question 3", key("a"))
            #expect(await rig.cache.statistics().store.entries == 4)
        }
    }

    /// Whoever makes up a key for each request is a tenant more each time; the engine forgets none of them.
    @Test func theNamespacesOfAllTenantsAreBounded() {
        let quota = TenantQuota(maximumNamespaces: 3)
        var limits = ServerConfiguration.Limits()
        limits.maximumNamespacesPerTenant = 2
        #expect(quota.admitNamespace("x", of: "a", limits))
        #expect(quota.admitNamespace("y", of: "a", limits))
        #expect(!quota.admitNamespace("z", of: "a", limits), "its own limit")
        #expect(quota.admitNamespace("x", of: "b", limits))
        for number in 0..<100 { #expect(!quota.admitNamespace("x", of: "made up \(number)", limits)) }
        #expect(!quota.admitNamespace("y", of: "b", limits))
        #expect(quota.namespaceCount == 3)
        // Those who were there first lose nothing by it.
        #expect(quota.admitNamespace("y", of: "a", limits))
        #expect(quota.admitNamespace("x", of: "b", limits))
        limits.maximumStoresPerMinute = 1
        #expect(quota.admitStore(by: "b", at: 0, limits))
        #expect(!quota.admitStore(by: "b", at: 59, limits))
        #expect(quota.admitStore(by: "b", at: 60, limits))
    }

    @Test func labelsStayBoundedHoweverManyNamespacesCallersName() async throws {
        try await Rig.run { (rig: Rig) async throws in
            for number in 0..<80 { _ = try await rig.chat("a", [("x-semcache-namespace", "n\(number)")]) }
            let text = try await rig.admin("GET", "/metrics").text
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("semcache_requests_total{") }
            #expect(lines.count == 65)
            #expect(lines.contains { $0.contains("namespace=\"other\"} 16") })
            #expect(!text.contains("Bearer"))
        }
    }

    @Test func metricsNameWhyAnswersLeftAndHowLongEmbeddingTook() async throws {
        let settings = Rig.Settings(embedder: HashingEmbedder(), cache: { $0.namespaces.maximumEntries = 2 })
        try await Rig.run(settings) { (rig: Rig) async throws in
            for number in 0..<5 { _ = try await rig.chat("a wholly new question of number \(number)") }
            let text = try await rig.admin("GET", "/metrics").text
            #expect(text.contains("semcache_removals_total{cause=\"overflow\"} 3"))
            #expect(text.contains("semcache_removals_total{cause=\"expiration\"} 0"))
            #expect(text.contains("semcache_embed_seconds_count 5"))
        }
    }
}
