import HTTPTypes
import OpenAI
import SemanticCaching
import Testing

@testable import CacheServer

/// Who sends what he is known by in another field than `authorization` shares nothing with others either.
@Suite struct CredentialTests {
    private func fields(_ headers: KeyValuePairs<String, String>) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers { fields.append(HTTPField(name: try #require(.init(name)), value: value)) }
        return fields
    }

    private func tenant(_ table: TenantTable, _ headers: KeyValuePairs<String, String>) throws -> String {
        guard case .tenant(let tenant) = table.identify(try fields(headers)) else { return "refused" }
        return tenant
    }

    private func table(_ accepted: [AcceptedKey] = []) -> TenantTable {
        var callers = ServerConfiguration.Callers(tenantSecret: Array(repeating: 7, count: 32))
        callers.acceptedKeys = accepted
        return TenantTable(callers)
    }

    @Test(arguments: [
        "authorization", "api-key", "x-api-key", "x-goog-api-key", "X-Gateway-Token", "x-my-auth",
        "proxy-authorization",
        "x-functions-key", "ocp-apim-subscription-key", "x-client-cert", "cf-access-jwt-assertion", "x-shared-secret",
        "cookie", "x-forwarded-user", "x-ms-client-principal", "tailscale-user-login", "x-session-id",
    ])
    func callersOfAnyFieldShareNothing(name: String) async throws {
        try await Rig.run { (rig: Rig) async throws in
            let (one, two) = ([(name: name, value: "one")], [(name: name, value: "two")])
            #expect(try await rig.chat("a")["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", one)["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", two)["x-semcache"] == "MISS")
            #expect(try await rig.chat("a", one)["x-semcache"] == "HIT")
            #expect(try await rig.chat("a")["x-semcache"] == "HIT")
            let tenants = Set(await rig.cache.statistics().namespaces.keys.map(\.tenant))
            #expect(tenants.count == 3)
            #expect(tenants.contains("anonymous"))
        }
    }

    @Test func whatIsNoCredentialTellsNobodyApart() throws {
        let table = table()
        for name in ["idempotency-key", "user-agent", "x-request-id", "x-forwarded-for", "x-stainless-os", "accept"] {
            #expect(try tenant(table, [name: "x"]) == "anonymous", "\(name)")
        }
    }

    @Test func severalCountTogether() throws {
        let table = table()
        let one = try tenant(table, ["authorization": "Bearer shared", "x-api-key": "one"])
        let two = try tenant(table, ["authorization": "Bearer shared", "x-api-key": "two"])
        let alone = try tenant(table, ["authorization": "Bearer shared"])
        #expect(Set([one, two, alone]).count == 3)
        // Neither their order nor the case of a name matters, nor what is no credential.
        #expect(try tenant(table, ["X-Api-Key": "one", "Authorization": "Bearer shared"]) == one)
        #expect(try tenant(table, ["authorization": "Bearer shared", "cookie": "__cf_bm=1"]) == alone)
        #expect(try tenant(table, ["authorization": "Bearer shared", "idempotency-key": "9"]) == alone)
        // What stands in one field is not taken for what stands in two.
        let joined = try tenant(table, ["x-a-key": "1", "x-b-key": "2"])
        #expect(try tenant(table, ["x-a-key": "1x-b-key:1:2"]) != joined)
        #expect(try tenant(table, ["x-a-key": "2", "x-b-key": "1"]) != joined)
        #expect(try tenant(table, ["authorization": "Bearer a", "authorization": "Bearer b"]) != alone)
    }

    /// What is stored under a key stays its bearer's.
    @Test func oneKeyAloneIsOneTenantByWhicheverFieldItComes() throws {
        let table = table()
        let tenants = try [
            tenant(table, ["authorization": "Bearer sk-1"]), tenant(table, ["authorization": "sk-1"]),
            tenant(table, ["api-key": "sk-1"]), tenant(table, ["x-api-key": "sk-1"]),
            tenant(table, ["x-goog-api-key": "sk-1"]),
        ]
        #expect(Set(tenants).count == 1)
        #expect(tenants[0].count == 32)
        // A name that someone else vouches for is no key.
        #expect(try tenant(table, ["x-forwarded-user": "sk-1"]) != tenants[0])
    }

    @Test func theListOfKeysDecidesFirst() throws {
        let table = table([
            AcceptedKey(try #require(APIKey("one")), tenant: "team"), AcceptedKey(try #require(APIKey("two"))),
        ])
        for _ in 0..<2 {
            #expect(try tenant(table, ["authorization": "Bearer one"]) == "team")
            #expect(try tenant(table, ["authorization": "Bearer one", "x-user-token": "u"]) == "team")
            #expect(try tenant(table, ["x-goog-api-key": "one"]) == "team")
            let alone = try tenant(table, ["authorization": "Bearer two"])
            #expect(try tenant(table, ["authorization": "Bearer two", "x-user-token": "u"]) != alone)
            #expect(try tenant(table, ["authorization": "Bearer three", "x-api-key": "one"]) == "refused")
            #expect(try tenant(table, ["x-user-token": "one"]) == "refused")
            #expect(try tenant(table, ["cookie": "one"]) == "refused")
            #expect(try tenant(table, [:]) == "refused")
        }
    }

    @Test func theServersKeyTakesThePlaceOfEveryKey() throws {
        let headers = ForwardedHeaders.request(
            try fields(["x-goog-api-key": "caller", "api-key": "caller", "accept": "*/*"]),
            upstreamKey: APIKey("sk-server"),
            readsAnswer: false,
            keepsAccount: true
        )
        #expect(headers.map(\.name) == ["accept", "authorization"])
        #expect(headers.map(\.value) == ["*/*", "Bearer sk-server"])
    }
}
