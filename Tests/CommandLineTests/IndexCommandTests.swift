import Foundation
import Testing

/// `semcache index bench` and `semcache index info`.
@Suite struct IndexCommandTests {
    /// Writes rows × columns numbers that no row repeats, in the .fbin layout.
    private func vectors(_ rows: Int, _ columns: Int, in folder: Folder, zeroRow: Int? = nil) throws -> String {
        var data = Data()
        func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        append(UInt32(rows))
        append(UInt32(columns))
        for row in 0..<rows {
            for column in 0..<columns {
                let value = row == zeroRow ? 0 : Float(sin(Double(row * columns + column) * 12.9898 + Double(row)))
                append(value.bitPattern)
            }
        }
        let path = folder.file("vectors.fbin")
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func benchMeasuresEveryKindOfIndexOnAFile() async throws {
        let folder = try Folder()
        let file = try vectors(400, 24, in: folder)
        let run = try await Tool.run("index", "bench", file, "--queries", "50", "--json")
        #expect(run.code == 0, "\(run.error)")
        let json = try run.json()
        #expect(json["command"] as? String == "index bench")
        #expect(json["vectors"] as? Int == 350 && json["queries"] as? Int == 50 && json["dimension"] as? Int == 24)
        let results = try #require(json["results"] as? [[String: Any]])
        #expect(
            results.map { $0["index"] as? String } == [
                "flat float32", "flat int8", "flat sign bits", "hnsw", "hnsw", "hnsw", "automatic",
            ]
        )
        let recalls = results.compactMap { $0["recall_at_1"] as? Double }
        // The automatic index scans so few entries; the graph finds more the more effort it takes.
        #expect([recalls[0], recalls[1], recalls[6]] == [1, 1, 1])
        #expect(recalls[3] <= recalls[5] && recalls[5] > 0.9)
        for result in results {
            #expect(try #require(result["bytes_per_entry"] as? Double) > 96)
            #expect(try #require(result["queries_per_second"] as? Double) > 0)
            #expect(try #require(result["p50_us"] as? Double) <= #require(result["p99_us"] as? Double))
        }
    }

    @Test func benchPrintsATable() async throws {
        let folder = try Folder()
        let file = try vectors(100, 8, in: folder)
        let run = try await Tool.run("index", "bench", file, "--limit", "60")
        #expect(run.code == 0 && run.error.isEmpty)
        #expect(run.lines.first == "\(file): 48 vectors × 8, 12 queries, seed 1")
        #expect(run.lines.contains { $0.hasPrefix("flat int8 ") && $0.contains("1.0000") })
        #expect(run.lines.contains { $0.hasPrefix("hnsw, effort 16 ") })
    }

    @Test func filesThatAreNoVectorsAreBadDataInOneLine() async throws {
        let folder = try Folder()
        var cut = try Data(contentsOf: URL(fileURLWithPath: try vectors(50, 4, in: folder)))
        cut.removeLast()
        let truncated = folder.file("cut.fbin")
        try cut.write(to: URL(fileURLWithPath: truncated))
        let text = try folder.write("no vectors at all", to: "text.fbin")
        let zero = try vectors(50, 4, in: folder, zeroRow: 7)
        for (file, message) in [
            (truncated, "not in the .fbin layout"), (text, "not in the .fbin layout"),
            (folder.file("none.fbin"), "the file cannot be read"), (zero, "row 7 cannot be used: vector is zero"),
        ] {
            let run = try await Tool.run("index", "bench", file)
            #expect(run.code == 65 && run.output.isEmpty)
            #expect(run.error.hasPrefix("semcache: \(file): \(message)"))
            #expect(run.error.split(separator: "\n").count == 1)
        }
    }

    @Test func wrongUseExitsWith64() async throws {
        let folder = try Folder()
        let few = try vectors(10, 4, in: folder)
        for arguments in [["bench"], ["bench", few, "--data", "x"], ["bench", few, "--queries", "0"], ["info"]] {
            let run = try await Tool.run(["index"] + arguments)
            #expect(run.code == 64 && run.output.isEmpty && !run.error.isEmpty, "\(arguments)")
        }
        let run = try await Tool.run("index", "bench", few)
        #expect(run.code == 64)
        #expect(run.error == "semcache: \(few) has 10 vectors; at least 20 are needed to measure\n")
    }

    @Test func aCacheWithoutVectorsHasNoIndex() async throws {
        let folder = try Folder()
        try await Tool.run("put", "How are you?", "Well.", "--exact", "--data", folder.cache)
        let info = try await Tool.run("index", "info", "--json", "--data", folder.cache).json()
        #expect(info["snapshot_usable"] as? Bool == false)
        let namespaces = try #require(info["namespaces"] as? [[String: Any]])
        #expect(namespaces.count == 1)
        #expect(namespaces[0]["index"] as? String == "none" && namespaces[0]["entries"] as? Int == 0)
        #expect(namespaces[0]["without_vector"] as? Int == 1 && namespaces[0]["bytes"] is NSNull)
        let text = try await Tool.run("index", "info", "--data", folder.cache)
        #expect(text.code == 0 && text.output.contains("the next start builds the indexes anew"))
        let bench = try await Tool.run("index", "bench", "--data", folder.cache)
        #expect(bench.code == 64)
        #expect(
            bench.error == "semcache: the namespace default has no vectors; `semcache stats` lists the namespaces\n"
        )
    }

    @Test(.enabled(if: Tool.hasModel)) func aNamespaceIsDescribedAndMeasured() async throws {
        let folder = try Folder()
        let lines = (0..<30).map { "{\"question\": \"What is the price of item \($0)?\", \"answer\": \"\($0) euros\"}" }
        let file = try folder.write(lines.joined(separator: "\n"), to: "faq.jsonl")
        #expect(try await Tool.run("import", file, "--data", folder.cache).code == 0)
        let info = try await Tool.run("index", "info", "--json", "--data", folder.cache).json()
        let namespace = try #require((info["namespaces"] as? [[String: Any]])?.first)
        #expect(namespace["index"] as? String == "flat" && namespace["entries"] as? Int == 30)
        #expect(namespace["dimension"] as? Int == 384 && namespace["indexes"] as? Int == 1)
        let bench = try await Tool.run("index", "bench", "--json", "--data", folder.cache).json()
        #expect(bench["source"] as? String == "namespace default")
        #expect(bench["vectors"] as? Int == 24 && bench["queries"] as? Int == 6)
    }
}
