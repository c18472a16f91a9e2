import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// `semcache redis`, over a real server that a replica fills.
@Suite(.enabled(if: RedisServer.executable != nil, "\(RedisServer.absence)"), .timeLimit(.minutes(5)))
struct RedisCommandTests {
    @Test func aReplicasImportIsListedReadAndFlushed() async throws {
        let (redis, folder, other) = (try await RedisServer(), try Folder(), try Folder())
        let server = ["--redis", redis.url]
        let empty = try await Tool.run(["redis", "status", "--json"] + server).json()
        #expect((empty["namespaces"] as? [Any])?.isEmpty == true)
        #expect((empty["replicas"] as? [Any])?.isEmpty == true)

        try await serve(folder, redis) { admin in
            try await importAnswers(40, admin)
            let status = try await self.status(server) { status in
                self.entries(status) == 40 && (status["replicas"] as? [Any])?.count == 1
            }
            let namespace = try #require((status["namespaces"] as? [[String: Any]])?.first)
            #expect(namespace["tenant"] as? String == "acme")
            #expect(namespace["namespace"] as? String == "faq")
            #expect(namespace["changes"] as? Int == 40)
            #expect(status["nodes"] as? Int == 1)
            #expect(status["is_cluster"] as? Bool == false)
            let text = try await Tool.run(["redis", "status"] + server)
            #expect(text.lines.first == "one server, 1 namespace, 1 replica alive")
            #expect(text.output.contains("changes behind"))
        }

        let scope = ["--namespace", "faq", "--tenant", "acme"]
        let place = ["--exact", "--data", other.cache]
        let hydrate = try await Tool.run(["redis", "hydrate"] + scope + place + server)
        #expect(hydrate.code == 0, "\(hydrate.error)")
        #expect(hydrate.output == "acme:faq holds 40 answers now\n")
        let again = try await Tool.run(["redis", "hydrate", "--json"] + scope + place + server).json()
        #expect(again["command"] as? String == "redis hydrate")
        #expect(again["entries"] as? Int == 40)
        let get = try await Tool.run(["get", "What is 7?", "--model-name", "m"] + scope + place)
        #expect(get.output == "It is 7.\n", "\(get.error)")
        #expect(try await Tool.run("verify", "--data", other.cache).code == 0)

        let flush = try await Tool.run(["redis", "flush", "--json"] + scope + server)
        #expect(flush.code == 0, "\(flush.error)")
        #expect(try #require(try flush.json()["removed_keys"] as? Int) >= 80)
        #expect(try await Tool.run(["redis", "flush"] + scope + server).code == 1)
        let none = try await Tool.run(["redis", "flush", "--json"] + scope + server)
        #expect(none.code == 1)
        #expect(try none.json()["removed_keys"] as? Int == 0)
        let after = try await Tool.run(["redis", "status", "--json"] + server).json()
        #expect((after["namespaces"] as? [Any])?.isEmpty == true)
    }

    /// What one command removes beside no server is gone for all replicas, or is refused.
    @Test func whatIsRemovedFromAFolderIsRemovedWhereReplicasShareIt() async throws {
        let (redis, folder, other) = (try await RedisServer(), try Folder(), try Folder())
        let server = ["--redis", redis.url]
        try await serve(folder, redis) { admin in
            try await importAnswers(4, admin)
            #expect(self.entries(try await self.status(server) { self.entries($0) == 4 }) == 4)
        }
        let place = ["--data", folder.cache]
        let listed = try await Tool.run(["ls", "--json", "--prefix", "What is 2", "--tenant", "acme"] + place).json()
        let id = try #require((listed["entries"] as? [[String: Any]])?.first?["id"] as? String)
        let removals = [
            ["rm", id], ["invalidate", "--prefix", "What is 1"],
            ["event", "gone", "--rule", #"question starts_with "What is 0""#],
        ]
        for removal in removals {
            let refused = try await Tool.run(removal + place)
            #expect(refused.code == 64, "\(removal)")
            #expect(refused.error.contains("--here-only"), "\(refused.error)")
            #expect(refused.error.split(separator: "\n").count == 1)
            let away = try await Tool.run(removal + place + ["--redis", "unix://" + folder.file("nobody.sock")])
            #expect(away.code == 69, "\(removal)")
        }
        #expect(try await Tool.run(["stats", "--json"] + place).json()["entries"] as? Int == 4, "nothing is gone yet")
        #expect(try await Tool.run(removals[1] + place + ["--dry-run"]).code == 0)

        let here = try await Tool.run(["invalidate", "--prefix", "What is 3", "--here-only"] + place)
        #expect(here.output == "removed 1 answer with 1 question\n", "\(here.error)")
        #expect(self.entries(try await status(server) { _ in true }) == 4)
        for removal in removals {
            let run = try await Tool.run(removal + place + server)
            #expect(run.code == 0, "\(removal): \(run.error)")
            #expect(run.output.hasPrefix("removed 1 "), "\(run.output)")
        }
        #expect(self.entries(try await status(server) { _ in true }) == 1)
        let scope = ["--namespace", "faq", "--tenant", "acme", "--exact"]
        let hydrate = try await Tool.run(["redis", "hydrate", "--data", other.cache] + scope + server)
        #expect(hydrate.output == "acme:faq holds 1 answer now\n", "\(hydrate.error)")
        let both = try await Tool.run(["rm", id, "--here-only"] + place + server)
        #expect(both.code == 64)
    }

    @Test func aServerThatIsAwayIsSaid() async throws {
        let folder = try Folder()
        let nowhere = ["--redis", "unix://" + folder.file("nobody.sock")]
        let hydrate = ["redis", "hydrate", "--namespace", "faq", "--exact", "--data", folder.cache]
        for command in [["redis", "status"], hydrate] {
            let run = try await Tool.run(command + nowhere)
            #expect(run.code == 69, "\(command)")
            #expect(run.error.contains("nobody.sock"), "\(run.error)")
            #expect(run.output.isEmpty)
        }
        let flush = try await Tool.run(["redis", "flush", "--namespace", "faq"] + nowhere)
        #expect(flush.code == 69)
        #expect(flush.error.hasSuffix("start the server, or name another with --redis\n"), "\(flush.error)")
        #expect(flush.error.split(separator: "\n").count == 1)
        let none = try await Tool.run("redis", "status")
        #expect(none.code == 64)
        #expect(none.error.contains("SEMCACHE_REDIS_URL"))
    }

    @Test func aWrongPasswordAndAServerThatSpeaksNoTLSAreSaid() async throws {
        let redis = try await RedisServer(["--requirepass", "secret"])
        let folder = try Folder()
        let hydrate = ["redis", "hydrate", "--namespace", "faq", "--exact", "--data", folder.cache]
        for command in [["redis", "status"], ["redis", "flush", "--namespace", "faq"], hydrate] {
            let run = try await Tool.run(command + ["--redis", redis.url])
            #expect(run.code == 69, "\(command)")
            #expect(run.error.contains("NOAUTH") && run.error.contains("give the password"), "\(run.error)")
            #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
        }
        let socket = String(redis.url.dropFirst("unix://".count))
        let wrong = try await Tool.run(["redis", "status", "--redis", "unix://bot:wrong@\(socket)"])
        #expect(wrong.code == 69)
        #expect(wrong.error.contains("correct the user or the password"), "\(wrong.error)")
        #expect(!wrong.error.contains("bot:wrong"))
    }

    /// Stores answers by way of a replica.
    private func importAnswers(_ count: Int, _ admin: Int) async throws {
        var request = URLRequest(
            url: try #require(URL(string: "http://127.0.0.1:\(admin)/api/import?namespace=faq&tenant=acme&model=m"))
        )
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        let lines = (0..<count).map { #"{"question": "What is \#($0)?", "answer": "It is \#($0)."}"# }
        request.httpBody = Data(lines.joined(separator: "\n").utf8)
        let (data, _) = try await URLSession.shared.data(for: request)
        #expect(String(decoding: data, as: UTF8.self).contains(#""stored":\#(count)"#))
    }

    /// How many answers the server has of the first namespace.
    private func entries(_ status: [String: Any]) -> Int? {
        (status["namespaces"] as? [[String: Any]])?.first?["entries"] as? Int
    }

    /// The status, once a condition holds: what was published arrives a moment after the request.
    private func status(_ server: [String], _ isComplete: ([String: Any]) -> Bool) async throws -> [String: Any] {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let status = try await Tool.run(["redis", "status", "--json"] + server).json()
            if isComplete(status) || ContinuousClock.now > end { return status }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Runs a replica over the cache of a folder, in front of an upstream that nobody asks, and ends it.
    private func serve(_ folder: Folder, _ redis: RedisServer, _ body: (Int) async throws -> Void) async throws {
        try await ServerProcess.run(over: folder, ["--redis", redis.url]) { try await body($0.adminPort) }
    }
}
