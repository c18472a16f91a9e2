import CacheServer
import OpenAI
import SemanticCaching
import StrictJSON
import Testing

/// What a running server takes over from another configuration, as `semcache serve` gives it one at SIGHUP.
@Suite struct ReconfigurationTests {
    @Test func keysAreAcceptedAndRefusedFromNowOn() async throws {
        let first = try #require(APIKey("first"))
        let second = try #require(APIKey("second"))
        let settings = Rig.Settings(server: { $0.callers.acceptedKeys = [AcceptedKey(first, tenant: "team")] })
        try await Rig.run(settings) { (rig: Rig) async throws in
            #expect(try await rig.chat("a", Self.bearer("first"))["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", Self.bearer("second")).status == 401)

            var next = rig.configuration
            next.callers.acceptedKeys = [AcceptedKey(second, tenant: "team")]
            rig.server.reconfigure(next)
            // Not even a hit is given to the key that was remembered a moment ago.
            #expect(try await rig.chat("a", Self.bearer("first")).status == 401)
            #expect(try await rig.chat("a", Self.bearer("second"))["x-semcache"] == "HIT")
            #expect(try await rig.admin("GET", "/api/stats").json["shed"]?["key"] == 2)
        }
    }

    @Test func pricesCountForAnswersStoredFromNowOn() async throws {
        try await Rig.run { (rig: Rig) async throws in
            func saved(_ question: String) async throws -> String? {
                _ = try await rig.chat(question, model: "gpt-4o-mini")
                return try await rig.chat(question, model: "gpt-4o-mini")["x-semcache-saved-usd"]
            }
            // The stub's answers use 1,000 tokens in and 500 out.
            #expect(try await saved("before") == "0.000450")
            var next = rig.configuration
            next.prices = PriceTable(
                asOf: "2026-01-01",
                models: [ModelPrice("gpt-4o-mini", inputPerMillion: 1, outputPerMillion: 4)]
            )
            rig.server.reconfigure(next)
            #expect(try await saved("after") == "0.003000")
            // What was paid for the first answer stays what it was.
            #expect(try await saved("before") == "0.000450")
        }
    }

    @Test func rulesChangeNamespacesInUseAndThoseToCome() async throws {
        try await Rig.run { (rig: Rig) async throws in
            func threshold(_ namespace: String) async throws -> Double? {
                try await rig.admin("GET", "/api/namespace?tenant=anonymous&name=\(namespace)")
                    .json["threshold"]?.doubleValue
            }
            _ = try await rig.chat("a", [("x-semcache-namespace", "faq-used")])
            let before = try await threshold("faq-used")
            var next = CacheConfiguration()
            next.rules = [NamespaceRule("faq-*") { $0.threshold = 0.77 }]
            try rig.cache.reconfigure(next)
            #expect(before != 0.77)
            #expect(try await threshold("faq-used") == 0.77)
            #expect(try await threshold("faq-new") == 0.77)
            #expect(try await threshold("other") == before)

            next.rules = [NamespaceRule("faq-*") { $0.threshold = 7 }]
            #expect(throws: CacheError.self) { try rig.cache.reconfigure(next) }
            #expect(try await threshold("faq-used") == 0.77)
        }
    }

    private static func bearer(_ key: String) -> [(name: String, value: String)] {
        [(name: "authorization", value: "Bearer \(key)")]
    }
}
