import Foundation
import FoundationNetworking
import Testing

/// What a server saved is in the store when it has gone, and the report tells it.
@Suite struct ReportTests {
    @Test func tellsWhatAServerSaved() async throws {
        let folder = try Folder()
        let put = ["put", "How are you?", "Well.", "--exact", "--tenant", "anonymous", "--model-name", "m"]
        #expect(try await Tool.run(put + ["--data", folder.cache]).code == 0)
        let empty = try await Tool.run("report", "--data", folder.cache)
        #expect(empty.output.hasPrefix("nothing happened from"))

        try await serve(folder) { port in
            var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)/v1/chat/completions")))
            request.httpMethod = "POST"
            request.httpBody = Data(#"{"model":"m","messages":[{"role":"user","content":"How are you?"}]}"#.utf8)
            for _ in 0..<3 {
                let (data, _) = try await URLSession.shared.data(for: request)
                #expect(String(decoding: data, as: UTF8.self).contains("Well."))
            }
        }
        let json = try await Tool.run("report", "--json", "--data", folder.cache).json()
        let total = try #require(json["total"] as? [String: Any])
        #expect(total["hits"] as? Int == 3)
        #expect(total["hit_rate"] as? Double == 1)
        // Two, if it was midnight in between.
        let days = try #require(json["days"] as? [[String: Any]])
        #expect((1...2).contains(days.count) && days.compactMap { $0["hits"] as? Int }.reduce(0, +) == 3)
        #expect(((json["namespaces"] as? [[String: Any]])?.first?["namespace"] as? String) == "anonymous:default")

        let text = try await Tool.run("report", "--data", folder.cache).output
        #expect(text.contains("3 (3 exact, 0 semantic, 0 coalesced, 0 stale)"))
        #expect(text.contains("100.0 %"))
        let page = folder.file("report.html")
        #expect(try await Tool.run("report", "--html", page, "--data", folder.cache).code == 0)
        let html = try folder.text(of: "report.html")
        #expect(html.contains("<svg") && html.contains("Hit rate by day") && html.contains("100.0 %"))
        let other = try await Tool.run("report", "--namespace", "other", "--data", folder.cache)
        #expect(other.output.hasPrefix("nothing happened from"))
    }

    @Test(arguments: ["0", "36501", "999999999999"]) func daysHaveABound(days: String) async throws {
        let folder = try Folder()
        let run = try await Tool.run("report", "--days", days, "--data", folder.cache)
        #expect(run.code == 64)
        #expect(run.error.contains("from 1 to 36500"), "\(run.error)")
    }

    @Test func aCenturyIsReported() async throws {
        let folder = try Folder()
        try await Tool.run("put", "How are you?", "Well.", "--exact", "--data", folder.cache)
        let run = try await Tool.run("report", "--days", "36500", "--data", folder.cache)
        #expect(run.output.hasPrefix("nothing happened from 19"), "\(run.error)")
    }

    /// Runs a server over the cache of a folder, in front of an upstream that nobody asks, and ends it.
    private func serve(_ folder: Folder, _ body: (Int) async throws -> Void) async throws {
        try await ServerProcess.run(over: folder) { try await body($0.port) }
    }
}
