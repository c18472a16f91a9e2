import Foundation
import Testing

/// Matches in meaning, with the default model; skipped where it is not installed.
@Suite(.enabled(if: Tool.hasModel, "needs the default model: scripts/fetch-model"))
struct MeaningTests {
    @Test func anotherWordingIsServedAndAnotherOrderIsNot() async throws {
        let folder = try Folder()
        let data = ["--data", folder.cache]
        for (question, answer) in [("How do I reset my password?", "Click."), ("Cancel order 123", "Cancelled 123.")] {
            #expect(try await Tool.run(["put", question, answer] + data).code == 0)
        }
        let hit = try await Tool.run(["get", "How can I reset my password?", "--json"] + data).json()
        #expect(hit["tier"] as? String == "semantic")
        #expect(hit["answer"] as? String == "Click.")
        let veto = try await Tool.run(["explain", "Cancel order 124"] + data)
        #expect(veto.output.contains("outcome      miss: guard-veto"))
        #expect(veto.output.contains("Cancel order [123]"))
        #expect(veto.output.contains("124 ≠ 123"))
        let near = try await Tool.run(
            ["invalidate", "--near", "forgotten password", "--similarity", "0.6", "--dry-run", "--json"] + data
        ).json()
        #expect(near["entries"] as? Int == 1)
    }

    @Test func similarityShowsWhatTheGuardsFind() async throws {
        let json = try await Tool.run("similarity", "Cancel order 124", "Cancel order 123", "--json").json()
        #expect(json["outcome"] as? String == "miss")
        #expect(json["reason"] as? String == "guard-veto")
        #expect((json["findings"] as? [Any])?.isEmpty == false)
    }
}
