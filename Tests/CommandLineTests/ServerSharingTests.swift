import Foundation
import Testing

/// A server holds the cache; the command line reads beside it, and is told who writes.
@Suite struct ServerSharingTests {
    @Test func everyReaderWorksBesideAServer() async throws {
        let folder = try Folder()
        let id = try await Tool.run("put", "Question", "Answer", "--exact", "--tag", "t", "--data", folder.cache).lines[
            0
        ]
        let code = try await ServerProcess.run(over: folder) { _ in
            for reader in [
                ["ls"], ["stats"], ["verify"], ["export"], ["show", id], ["get", "Question", "--exact"],
                ["explain", "Question", "--exact"], ["invalidate", "--tag", "t", "--dry-run"],
                ["event", "e", "--rule", #"tag == "t""#, "--dry-run"],
            ] {
                let run = try await Tool.run(reader + ["--data", folder.cache])
                #expect(run.code == 0, "\(reader): \(run.error)")
                #expect(!run.output.isEmpty, "\(reader)")
            }
            let miss = try await Tool.run("get", "Other", "--exact", "--data", folder.cache)
            #expect(miss.code == 1, "\(miss.error)")
        }
        #expect(code == 0)
    }

    @Test func everyWriterIsToldWhoWritesAndWhatToDo() async throws {
        let folder = try Folder()
        let id = try await Tool.run("put", "Question", "Answer", "--exact", "--tag", "t", "--data", folder.cache).lines[
            0
        ]
        let file = try folder.write(#"{"question": "q", "answer": "a"}"#, to: "faq.jsonl")
        try await ServerProcess.run(over: folder) { server in
            for writer in [
                ["put", "Other", "Answer", "--exact"], ["rm", id], ["invalidate", "--tag", "t"],
                ["event", "e", "--rule", #"tag == "t""#], ["import", file, "--exact"], ["compact"],
                ["verify", "--repair"],
            ] {
                let run = try await Tool.run(writer + ["--data", folder.cache])
                #expect(run.code == 69, "\(writer)")
                #expect(
                    run.error.hasPrefix("semcache: process \(server.process.processIdentifier) is the writer"),
                    "\(run.error)"
                )
                #expect(run.error.contains("use its admin API, or stop it first"))
                #expect(run.error.split(separator: "\n").count == 1)
            }
            #expect(try await Tool.run("stats", "--json", "--data", folder.cache).json()["entries"] as? Int == 1)
        }
        #expect(try await Tool.run("rm", id, "--data", folder.cache).code == 0)
    }

    @Test func aPortInUseIsToldInOneLine() async throws {
        let (folder, other) = (try Folder(), try Folder())
        try await ServerProcess.run(over: folder) { server in
            let run = try await Tool.run(
                "serve",
                "--upstream",
                "http://127.0.0.1:9/v1",
                "--exact",
                "--data",
                other.cache,
                "--admin-port",
                "0",
                "--port",
                "\(server.port)"
            )
            #expect(run.code == 69)
            #expect(run.error.contains("semcache: cannot listen on 127.0.0.1:\(server.port): Address already in use"))
        }
    }

    @Test func aKilledServerLeavesNothingInTheWay() async throws {
        let folder = try Folder()
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        try await ServerProcess.run(over: folder) { server in
            kill(server.process.processIdentifier, SIGKILL)
            await Tool.waitForEnd(of: server.process)
        }
        #expect(try await Tool.run("get", "Question", "--exact", "--data", folder.cache).output == "Answer\n")
        #expect(try await Tool.run("put", "Other", "Answer", "--exact", "--data", folder.cache).code == 0)
        #expect(try await Tool.run("verify", "--data", folder.cache).code == 0)
    }
}
