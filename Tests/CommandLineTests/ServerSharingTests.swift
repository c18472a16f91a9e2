import Foundation
import Testing

/// A server holds the cache; the command line reads beside it, and is told who writes.
@Suite struct ServerSharingTests {
    /// Runs a server over the cache of a folder, without a model and in front of an upstream that nobody asks.
    private func withServer(_ folder: Folder, _ body: (Process) async throws -> Void) async throws {
        let arguments = [
            "serve", "--upstream", "http://127.0.0.1:9/v1", "--port", "0", "--admin-port", "0", "--exact", "--data",
            folder.cache,
        ]
        let (process, _, _, error) = try Tool.start(arguments)
        // It listens when it says so, and then it has the lock.
        let isListening = await Task.detached {
            var told = Data()
            while case let piece = error.fileHandleForReading.availableData, !piece.isEmpty {
                told += piece
                if told.range(of: Data("listening on".utf8)) != nil { return true }
            }
            return false
        }.value
        #expect(isListening)
        do { try await body(process) } catch {
            process.terminate()
            process.waitUntilExit()
            throw error
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func everyReaderWorksBesideAServer() async throws {
        let folder = try Folder()
        let id = try await Tool.run("put", "Question", "Answer", "--exact", "--tag", "t", "--data", folder.cache).lines[
            0
        ]
        try await withServer(folder) { _ in
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
    }

    @Test func everyWriterIsToldWhoWritesAndWhatToDo() async throws {
        let folder = try Folder()
        let id = try await Tool.run("put", "Question", "Answer", "--exact", "--tag", "t", "--data", folder.cache).lines[
            0
        ]
        let file = try folder.write(#"{"question": "q", "answer": "a"}"#, to: "faq.jsonl")
        try await withServer(folder) { server in
            for writer in [
                ["put", "Other", "Answer", "--exact"], ["rm", id], ["invalidate", "--tag", "t"],
                ["event", "e", "--rule", #"tag == "t""#], ["import", file, "--exact"], ["compact"],
                ["verify", "--repair"],
            ] {
                let run = try await Tool.run(writer + ["--data", folder.cache])
                #expect(run.code == 69, "\(writer)")
                #expect(
                    run.error.hasPrefix("semcache: process \(server.processIdentifier) is the writer"),
                    "\(run.error)"
                )
                #expect(run.error.contains("use its admin API, or stop it first"))
                #expect(run.error.split(separator: "\n").count == 1)
            }
            #expect(try await Tool.run("stats", "--json", "--data", folder.cache).json()["entries"] as? Int == 1)
        }
        #expect(try await Tool.run("rm", id, "--data", folder.cache).code == 0)
    }

    @Test func aKilledServerLeavesNothingInTheWay() async throws {
        let folder = try Folder()
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        let arguments = [
            "serve", "--upstream", "http://127.0.0.1:9/v1", "--port", "0", "--admin-port", "0", "--exact", "--data",
            folder.cache,
        ]
        let (process, _, _, error) = try Tool.start(arguments)
        _ = await Task.detached { error.fileHandleForReading.availableData }.value
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try await Tool.run("get", "Question", "--exact", "--data", folder.cache).output == "Answer\n")
        #expect(try await Tool.run("put", "Other", "Answer", "--exact", "--data", folder.cache).code == 0)
        #expect(try await Tool.run("verify", "--data", folder.cache).code == 0)
    }
}
