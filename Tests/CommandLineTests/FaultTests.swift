import Foundation
import Testing

/// What goes wrong ends with one line and the code of who must act.
@Suite struct FaultTests {
    @Test(arguments: [
        ["get", "Question"], ["get", "Question", "--nonsense"], ["ls", "--limit", "0", "--data", "x"],
        ["ls", "--older-than", "yesterday", "--data", "x"], ["show", "not-an-id", "--data", "x"],
        ["invalidate", "--data", "x"], ["invalidate", "--near", "text", "--data", "x"],
        ["invalidate", "--regex", "(", "--data", "x"], ["event", "e", "--data", "x"], ["put", " ", "answer"],
        ["explain", "--requests", "a.json"], ["get", "Question", "--threshold", "2", "--data", "x"],
        ["export", "--json", "--data", "x"],
    ])
    func wrongUseExitsWith64(_ arguments: [String]) async throws {
        let run = try await Tool.run(arguments)
        #expect(run.code == 64, "\(run.error)")
        #expect(run.output.isEmpty)
        #expect(!run.error.isEmpty)
    }

    @Test func readingWhereThereIsNoCacheMakesNone() async throws {
        let folder = try Folder()
        for command in [["ls"], ["stats"], ["verify"], ["export"], ["get", "Question", "--exact"]] {
            let run = try await Tool.run(command + ["--data", folder.cache])
            #expect(run.code == 69, "\(command)")
            #expect(run.error == "semcache: there is no store in \(folder.cache)\n")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.cache))
    }

    @Test func withoutAModelItSaysWhatToDo() async throws {
        let folder = try Folder()
        let model = folder.file("none")
        let run = try await Tool.run("put", "Question", "Answer", "--model", model, "--data", folder.cache)
        #expect(run.code == 69)
        #expect(
            run.error == "semcache: no model at \(model); run scripts/fetch-model, or give --model or --embedding-url\n"
        )
        #expect(!FileManager.default.fileExists(atPath: folder.cache))
    }

    @Test func aResultThatIsLostIsNoSuccess() async throws {
        let run = try await Tool.run(
            ["-c", "exec \"$0\" config --print > /dev/full", Tool.path],
            program: "/bin/bash"
        )
        #expect(run.code == 69)
        #expect(run.error == "semcache: cannot write standard output: No space left on device\n")
    }

    @Test func aFileThatIsNoCacheIsBadData() async throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.cache, withIntermediateDirectories: true)
        try "not a database, but long enough to be taken for one".write(
            toFile: folder.cache + "/semcache.sqlite",
            atomically: true,
            encoding: .utf8
        )
        let run = try await Tool.run("stats", "--data", folder.cache)
        #expect(run.code == 65)
        #expect(run.error.split(separator: "\n").count == 1)
    }

    @Test func aMissingImportFileIsBadData() async throws {
        let folder = try Folder()
        let run = try await Tool.run("import", folder.file("none.jsonl"), "--exact", "--data", folder.cache)
        #expect(run.code == 65)
        #expect(run.error.contains("No such file"))
    }

    @Test func requestsAreComparedPlaceByPlace() async throws {
        let folder = try Folder()
        let first = try folder.write(
            #"{"model": "m", "temperature": 0, "stream": true, "messages": [{"role": "user", "content": "Hi"}]}"#,
            to: "a.json"
        )
        let second = try folder.write(
            #"{"model": "m", "temperature": 0.7, "messages": [{"role": "user", "content": "Hi"}]}"#,
            to: "b.json"
        )
        let different = try await Tool.run("explain", "--requests", first, second, "--json").json()
        #expect(different["share_key"] as? Bool == false)
        let differences = try #require(different["differences"] as? [[String: Any]])
        let keyed = differences.filter { $0["is_keyed"] as? Bool == true }.compactMap { $0["path"] as? String }
        #expect(keyed == ["parameters.temperature"])
        let same = try await Tool.run("explain", "--requests", first, first)
        #expect(same.output == "the requests share a key\n")
    }

    /// What tells the proxy how to cache is not sent to the model, and no part of the key.
    @Test func requestsThatDifferInTheirControlsShareAKey() async throws {
        let folder = try Folder()
        let body = #"{"model": "m", "messages": [{"role": "user", "content": "a"}]"#
        let first = try folder.write(body + "}", to: "first.json")
        let second = try folder.write(body + #", "cache": {"ttl": 60}}"#, to: "second.json")
        let run = try await Tool.run("explain", "--requests", first, second)
        #expect(run.output == "the requests share a key\n", "\(run.error)")
    }

    @Test func versionTellsTheBuild() async throws {
        let run = try await Tool.run("--version")
        #expect(run.code == 0)
        #expect(run.output.hasPrefix("semcache 0."))
        #expect(run.output.contains("Swift 6"))
    }
}
