import CacheServer
import HTTPTypes
import OpenAI
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import TestSupport
import Testing

/// Who may ask, and how much.
@Suite struct ProxyLimitTests {
    // MARK: - Callers

    @Test func twoKeysShareNothing() async throws {
        try await Rig.run { (rig: Rig) async throws in
            #expect(try await rig.chat("a", [("authorization", "Bearer one")])["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", [("authorization", "Bearer two")])["x-semcache"] == "MISS")
            #expect(try await rig.chat("a")["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", [("authorization", "Bearer one")])["x-semcache"] == "HIT")
            #expect(try await rig.chat("a", [("api-key", "one")])["x-semcache"] == "HIT")
            let tenants = await rig.cache.statistics().namespaces.keys.map(\.tenant)
            #expect(Set(tenants).count == 3)
            #expect(!tenants.contains { $0.contains("one") })
        }
    }

    @Test func onlyAcceptedKeysAreServed() async throws {
        try await Rig.run(
            .init(server: { configuration in
                configuration.callers.acceptedKeys = [
                    AcceptedKey(APIKey("one")!, tenant: "team"), AcceptedKey(APIKey("two")!, tenant: "team"),
                ]
                configuration.upstreamKey = APIKey("sk-server")
            })
        ) { (rig: Rig) async throws in
            #expect(try await rig.chat("a", [("authorization", "Bearer one")])["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", [("authorization", "Bearer two")])["x-semcache"] == "HIT")
            for headers in [
                [], [(name: "authorization", value: "Bearer three")], [(name: "authorization", value: "one")],
            ] {
                let answer = try await rig.chat("a", headers)
                if headers.first?.value == "one" { continue }
                #expect(answer.status == 401)
                #expect(answer.json["error"]?["code"] == "invalid_api_key")
            }
            #expect(try await rig.send("GET", "/v1/models").status == 401)
            #expect(rig.stub.calls.map { $0.headers[.authorization] } == ["Bearer sk-server"])
        }
    }

    // MARK: - Limits

    @Test func bodiesThatAreTooLargeAreRefused() async throws {
        try await Rig.run(.init(server: { $0.limits.maximumBodyBytes = 1_000 })) { (rig: Rig) async throws in
            let answer = try await rig.chat(String(repeating: "a", count: 2_000))
            #expect(answer.status == 413)
            #expect(rig.stub.calls.isEmpty)
            let metrics = try await rig.admin("GET", "/metrics").text
            #expect(metrics.contains(#"semcache_shed_total{cause="body-size"} 1"#))
            #expect(metrics.contains(#"semcache_shed_total{cause="concurrency"} 0"#))
        }
        try await Rig.run(.init(cache: { $0.maximumRequestBytes = 1_000 })) { (rig: Rig) async throws in
            let answer = try await rig.chat(String(repeating: "a", count: 2_000))
            #expect(answer["x-semcache-reason"] == "too-large")
            #expect(rig.stub.calls.count == 1)
        }
    }

    @Test func theLimitHoldsForWhatIsKnownToo() async throws {
        try await Rig.run { (rig: Rig) async throws in
            _ = try await rig.chat("known")
            #expect(try await rig.chat("known")["x-semcache"] == "HIT")
            var next = rig.configuration
            next.limits.maximumBodyBytes = 10
            rig.server.reconfigure(next)
            #expect(try await rig.chat("known").status == 413)
        }
    }

    @Test func tooManyAtOnceAreShed() async throws {
        try await Rig.run(.init(server: { $0.limits.maximumConcurrentRequests = 1 })) { (rig: Rig) async throws in
            _ = try await rig.chat("known")
            rig.stub.hold()
            async let first = rig.chat("a", model: "held")
            try await rig.until { rig.stub.calls.count == 2 }
            // What is known waits for nothing and takes no place, unless the server happens to read its body apart from its head.
            #expect(try await eventually { try await rig.chat("known")["x-semcache"] == "HIT" })
            let second = try await rig.chat("b")
            #expect(second.status == 429)
            #expect(second["retry-after"] == "1")
            rig.stub.release()
            #expect(try await first.status == 200)
            try await rig.until { try await rig.chat("b").status == 200 }
            // Those that came too early while the first was ending were shed as well: only zero would be wrong.
            let shed = try await rig.admin("GET", "/api/stats").json["shed"]
            #expect(shed?["concurrency"]?.intValue ?? 0 >= 1)
            #expect(shed?["body-size"] == 0)
        }
    }

    @Test func aTenantMayUseSoManyNamespaces() async throws {
        try await Rig.run(.init(server: { $0.limits.maximumNamespacesPerTenant = 2 })) { (rig: Rig) async throws in
            for name in ["a", "b", "a"] {
                #expect(try await rig.chat("x", [("x-semcache-namespace", name)])["x-semcache"] != "BYPASS")
            }
            #expect(try await rig.chat("x", [("x-semcache-namespace", "c")])["x-semcache-reason"] == "quota")
        }
    }
}
