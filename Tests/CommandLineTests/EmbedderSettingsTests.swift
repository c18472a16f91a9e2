import Testing

@testable import semcache

/// Which embedder `serve` asks.
@Suite struct EmbedderSettingsTests {
    private func embedder(_ values: [String: String]) throws -> String {
        let flags = values.mapValues { SettingsReader.Flag(name: "--set", text: $0) }
        let settings = try SettingsReader(path: nil, flags: flags, environment: [:]).read().settings
        return String(describing: type(of: try #require(try settings.makeEmbedder())))
    }

    @Test func aServerIsAskedForManyQuestionsAtOnce() throws {
        let server = [
            "embedder.url": "http://127.0.0.1:9/v1", "embedder.name": "m", "embedder.dimension": "8",
            "embedder.key": "k",
        ]
        #expect(try embedder(server) == "BatchingEmbedder")
    }

    @Test(.enabled(if: Tool.hasModel)) func aLocalModelWaitsForNoCompany() throws {
        #expect(try embedder([:]) == "BERTEmbedder")
    }
}
