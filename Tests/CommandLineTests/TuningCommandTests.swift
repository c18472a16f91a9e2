import Foundation
import Testing

/// Labelling and tuning.
@Suite struct TuningCommandTests {
    @Test func labelsAreAppendedUndoneAndNotAskedTwice() async throws {
        let folder = try Folder()
        let pairs = try folder.write(
            #"{"a": "one", "b": "uno"}"# + "\n" + #"{"a": "x", "b": "y"}"# + "\n",
            to: "pairs.jsonl"
        )
        let labels = folder.file("labels.jsonl")
        let first = try await Tool.run("label", pairs, "--output", labels, input: "y\nu\nn\nwhat\n")
        #expect(first.code == 0)
        #expect(first.error.hasPrefix("y for yes"))
        #expect(try folder.text(of: "labels.jsonl") == #"{"a":"one","b":"uno","label":0}"# + "\n")
        let second = try await Tool.run("label", pairs, "--output", labels, input: "y\n")
        #expect(!second.output.contains("uno"))
        #expect(try folder.text(of: "labels.jsonl").hasSuffix(#"{"a":"x","b":"y","label":1}"# + "\n"))
    }

    @Test func aFileWithoutItsColumnsIsBadData() async throws {
        let folder = try Folder()
        let file = try folder.write(#"{"c": 1}"# + "\n", to: "data.jsonl")
        for command in ["tune", "replay"] {
            let run = try await Tool.run(command, file)
            #expect(run.code == 65, "\(run.error)")
            #expect(run.error.split(separator: "\n").count == 1)
        }
    }

    @Test(.enabled(if: Tool.hasModel, "needs the default model: scripts/fetch-model"))
    func aReplayCountsWhatTheLabelsSay() async throws {
        let folder = try Folder()
        let wordings = [
            "How do I reset my password?", "How can I reset my password?", "Cancel order 1", "Cancel order 2",
        ]
        let lines = zip(wordings, ["reset", "reset", "c1", "c2"]).enumerated().map { time, query in
            #"{"text": "\#(query.0)", "group": "\#(query.1)", "time": \#(time)}"#
        }
        let file = try folder.write(lines.joined(separator: "\n"), to: "stream.jsonl")
        let json = try await Tool.run(
            "replay",
            file,
            "--policy",
            "threshold",
            "--policy",
            "guards",
            "--threshold",
            "0.85",
            "--json"
        ).json()
        let rows = try #require(json["policies"] as? [[String: Any]])
        #expect(rows.map { $0["hits"] as? Int } == [2, 1])
        #expect(rows.map { $0["wrong_hits"] as? Int } == [1, 0])
        #expect(json["ceiling"] as? Double == 0.25)
    }
}
