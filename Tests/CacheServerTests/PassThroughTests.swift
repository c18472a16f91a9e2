import HTTPTypes
import OpenAI
import SemanticCaching
import StrictJSON
import Testing

@testable import CacheServer

/// Under the server's own key, callers do not reach each other's objects at the provider.
@Suite struct PassThroughTests {
    private func settings(_ choice: ServerConfiguration.PassThrough = .automatic, isShared: Bool) throws -> Rig.Settings
    {
        let (upstream, caller) = (try #require(APIKey("sk-server")), try #require(APIKey("sk-caller")))
        return Rig.Settings(server: { configuration in
            configuration.passThrough = choice
            configuration.upstreamKey = upstream
            if isShared { configuration.callers.acceptedKeys = [AcceptedKey(caller)] }
        })
    }

    private let caller: [(name: String, value: String)] = [
        ("authorization", "Bearer sk-caller"), ("openai-organization", "org"), ("openai-project", "proj"),
    ]

    @Test(arguments: [
        ("GET", "/v1/models", 207), ("GET", "/v1/models/gpt-4o", 207), ("POST", "/v1/moderations", 207),
        ("GET", "/v1/files", 403), ("DELETE", "/v1/models/ft", 403), ("GET", "/v1/responses/resp_1", 403),
        ("POST", "/v1/files", 403), ("POST", "/v1/batches", 403), ("GET", "/v1//files", 403),
    ])
    func underASharedKeyOnlyModelsAreAsked(_ method: String, _ path: String, _ status: Int) async throws {
        try await Rig.run(try settings(isShared: true)) { (rig: Rig) async throws in
            let answer = try await rig.send(method, path, method == "POST" ? Array("{}".utf8) : nil, headers: caller)
            #expect(answer.status == status)
            #expect(rig.stub.calls.count == (status == 207 ? 1 : 0))
            guard status == 403 else { return }
            #expect(answer.json["error"]?["code"] == "not_served")
        }
    }

    @Test func theAccountIsTheServersOwn() async throws {
        try await Rig.run(try settings(isShared: true)) { (rig: Rig) async throws in
            _ = try await rig.chat("a", caller)
            let headers = try #require(rig.stub.calls.first).headers
            #expect(headers[.authorization] == "Bearer sk-server")
            #expect(headers[.openAIOrganization] == nil)
            #expect(headers[.openAIProject] == nil)
        }
    }

    @Test(arguments: [
        (ServerConfiguration.PassThrough.automatic, false, 207), (.all, true, 207), (.nothing, false, 403),
    ])
    func theConfigurationDecides(
        _ choice: ServerConfiguration.PassThrough,
        _ isShared: Bool,
        _ status: Int
    ) async throws {
        try await Rig.run(try settings(choice, isShared: isShared)) { (rig: Rig) async throws in
            #expect(try await rig.send("GET", "/v1/files", headers: caller).status == status)
            // What is cached is no pass-through.
            #expect(try await rig.chat("a", caller).status == 200)
        }
    }
}
