import Foundation
import Testing

/// The commands over a cache on disk, without a model: matches word for word only.
@Suite struct StoreCommandTests {
    @Test func aStoredAnswerIsFoundByAnotherProcess() async throws {
        let folder = try Folder()
        let put = try await Tool.run("put", "How are you?", "Well.", "--exact", "--data", folder.cache)
        #expect(put.code == 0, "\(put.error)")
        #expect(put.lines.first?.count == 26)
        let get = try await Tool.run("get", "How are you?", "--exact", "--data", folder.cache)
        #expect(get.code == 0)
        #expect(get.output == "Well.\n")
        #expect(get.error.isEmpty)
    }

    @Test func aMissExitsWithOneAndSaysWhy() async throws {
        let folder = try Folder()
        try await Tool.run("put", "How are you?", "Well.", "--exact", "--data", folder.cache)
        let get = try await Tool.run("get", "Who are you?", "--exact", "--data", folder.cache)
        #expect(get.code == 1)
        #expect(get.output.isEmpty)
        #expect(get.error == "semcache: no answer: exact-only\n")
        let json = try await Tool.run("get", "Who are you?", "--exact", "--json", "--data", folder.cache).json()
        #expect(json["outcome"] as? String == "miss")
        #expect(json["answer"] is NSNull)
    }

    @Test func namespacesTenantsAndModelsShareNothing() async throws {
        let folder = try Folder()
        try await Tool.run(
            "put",
            "Q of acme",
            "A",
            "--exact",
            "--namespace",
            "faq",
            "--tenant",
            "acme",
            "--data",
            folder.cache
        )
        for scope in [["--namespace", "faq"], ["--tenant", "acme"], ["--namespace", "faq", "--tenant", "other"]] {
            let get = try await run(["get", "Q of acme", "--exact", "--data", folder.cache] + scope)
            #expect(get.code == 1, "\(scope)")
        }
        let right = ["--namespace", "faq", "--tenant", "acme"]
        #expect(try await run(["get", "Q of acme", "--exact", "--data", folder.cache] + right).code == 0)
        let model = try await run(["get", "Q of acme", "--exact", "--data", folder.cache, "--model-name", "m"] + right)
        #expect(model.code == 1)
    }

    @Test func putReplacesAndSaysWhenNothingChanges() async throws {
        let folder = try Folder()
        for answer in ["one", "two"] {
            #expect(try await Tool.run("put", "Question", answer, "--exact", "--data", folder.cache).code == 0)
        }
        let same = try await Tool.run("put", "Question", "two", "--exact", "--json", "--data", folder.cache).json()
        #expect(same["stored"] as? Bool == false)
        #expect(try await Tool.run("get", "Question", "--exact", "--data", folder.cache).output == "two\n")
        #expect(try await Tool.run("ls", "--json", "--data", folder.cache).json()["total"] as? Int == 1)
    }

    /// Whatever lies where a file of answers is begun: it is the owner's alone, and lands nowhere else.
    @Test func aFileOfAnswersIsItsOwnersAlone() async throws {
        let folder = try Folder()
        try await Tool.run("put", "How are you?", "Well.", "--exact", "--data", folder.cache)
        let (file, stranger) = (folder.file("out.jsonl"), try folder.write("mine", to: "stranger"))
        func export() async throws {
            #expect(try await Tool.run("export", file, "--data", folder.cache).code == 0)
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.type] as? FileAttributeType == .typeRegular)
            #expect(try folder.text(of: "out.jsonl").contains("Well."))
        }
        let left = try folder.write("what another run left", to: "out.jsonl.part")
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: left)
        try await export()
        try FileManager.default.createSymbolicLink(atPath: left, withDestinationPath: stranger)
        try await export()
        #expect(try folder.text(of: "stranger") == "mine")
    }

    @Test func aServerSaysThatOthersCanReadItsKeyToo() async throws {
        let folder = try Folder()
        let keyFile = try folder.write(String(repeating: "0f", count: 32), to: "key")
        for (mode, isSaid) in [(0o644, true), (0o600, false)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: keyFile)
            try await ServerProcess.run(over: folder, ["--key-file", keyFile]) { server in
                let line = "semcache: others can read the key in \(keyFile): chmod 600 \(keyFile)"
                #expect(server.firstLines.contains(line) == isSaid, "\(server.firstLines)")
            }
        }
    }

    @Test func listsFilterSortAndLimit() async throws {
        let folder = try Folder()
        for (question, answer, tag) in [("aa one", "x", "t"), ("ab two", "longer answer", "t"), ("b three", "y", "u")] {
            try await Tool.run("put", question, answer, "--exact", "--tag", tag, "--data", folder.cache)
        }
        func questions(_ arguments: String...) async throws -> [String] {
            let json = try await run(["ls", "--json", "--data", folder.cache] + arguments).json()
            let entries = try #require(json["entries"] as? [[String: Any]])
            return entries.compactMap { ($0["questions"] as? [String])?.first }
        }
        #expect(try await questions() == ["b three", "ab two", "aa one"])
        #expect(try await questions("--sort", "size").first == "ab two")
        #expect(try await questions("--tag", "t", "--reverse") == ["aa one", "ab two"])
        #expect(try await questions("--prefix", "aa") == ["aa one"])
        #expect(try await questions("--limit", "1") == ["b three"])
        #expect(try await questions("--namespace", "elsewhere").isEmpty)
        #expect(try await questions("--older-than", "1h").isEmpty)
    }

    @Test func showsAndRemovesById() async throws {
        let folder = try Folder()
        let id = try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache).lines[0]
        let show = try await Tool.run("show", id, "--data", folder.cache)
        #expect(show.output.contains("question   Question (word for word only)"))
        #expect(show.output.hasSuffix("\n\nAnswer\n"))
        let rm = try await Tool.run("rm", id, "00000000000000000000000000", "--data", folder.cache)
        #expect(rm.output == "removed 1 of 2\n")
        #expect(try await Tool.run("show", id, "--data", folder.cache).code == 1)
        #expect(try await Tool.run("rm", id, "--data", folder.cache).code == 1)
        #expect(try await Tool.run("get", "Question", "--exact", "--data", folder.cache).code == 1)
    }

    @Test func aDryRunCountsTrulyAndRemovesNothing() async throws {
        let folder = try Folder()
        for number in 1...12 {
            let tag = number % 3 == 0 ? "doc:3" : "doc:1"
            try await Tool.run(
                "put",
                "Question \(number)",
                "A\(number)",
                "--exact",
                "--tag",
                tag,
                "--data",
                folder.cache
            )
        }
        func invalidate(_ arguments: String...) async throws -> [String: Any] {
            try await run(["invalidate", "--json", "--data", folder.cache] + arguments).json()
        }
        for _ in 1...2 {
            let dry = try await invalidate("--tag", "doc:3", "--dry-run")
            #expect(dry["entries"] as? Int == 4)
            #expect(dry["dry_run"] as? Bool == true)
            #expect((dry["examples"] as? [Any])?.count == 4)
        }
        #expect(try await invalidate("--regex", "Question 1[0-9]", "--dry-run")["entries"] as? Int == 3)
        #expect(try await invalidate("--glob", "*2", "--dry-run")["entries"] as? Int == 2)
        #expect(try await invalidate("--tag", "doc:3")["entries"] as? Int == 4)
        #expect(try await invalidate("--tag", "doc:3")["entries"] as? Int == 0)
        #expect(try await Tool.run("stats", "--json", "--data", folder.cache).json()["entries"] as? Int == 8)
    }

    /// Each way to say which answers: it counts the right ones without removing any, then removes them.
    @Test func everyConditionSelectsWhatItSays() async throws {
        let folder = try Folder()
        let data = ["--exact", "--data", folder.cache]
        let puts = [
            ["When do you open?", "--tag", "doc:42@v7"], ["When do you close?", "--namespace", "faq"],
            ["What is the price?", "--namespace", "faq", "--tenant", "acme"],
            ["What is the stock?", "--model-name", "gpt-4o-mini"], ["Who are you?", "--prompt-version", "v2"],
        ]
        var ids: [String] = []
        for put in puts { ids.append(try await run(["put", put[0], "A"] + put.dropFirst() + data).lines[0]) }
        func counted(_ arguments: [String]) async throws -> Int? {
            try await run(["invalidate", "--json", "--data", folder.cache] + arguments).json()["entries"] as? Int
        }
        let conditions: [([String], Int)] = [
            (["--id", ids[0]], 1), (["--id", ids[0], "--id", ids[1]], 2), (["--tag", "doc:42@v7"], 1),
            (["--namespace", "faq"], 1), (["--namespace", "faq", "--tenant", "acme"], 1), (["--tenant", "acme"], 1),
            (["--model-name", "gpt-4o-mini"], 1), (["--prompt-version", "v2"], 1), (["--older-than", "1s"], 5),
            (["--older-than", "1d"], 0), (["--prefix", "When do"], 2), (["--glob", "*the ?rice*"], 1),
            (["--regex", "(?i)price|STOCK"], 2), (["--prefix", "What", "--namespace", "faq"], 0),
        ]
        try await Task.sleep(for: .seconds(1))  // For answers to be older than one second.
        for (arguments, expected) in conditions {
            #expect(try await counted(arguments + ["--dry-run"]) == expected, "\(arguments)")
        }
        #expect(try await Tool.run("stats", "--json", "--data", folder.cache).json()["entries"] as? Int == 5)
        #expect(try await counted(["--regex", "(?i)price|STOCK"]) == 2)
        #expect(try await counted(["--prompt-version", "v2"]) == 1)
        #expect(try await counted(["--older-than", "1s"]) == 2)
        #expect(try await Tool.run("stats", "--json", "--data", folder.cache).json()["entries"] as? Int == 0)
    }

    @Test func anEventFollowsTheRulesOfTheConfiguration() async throws {
        let folder = try Folder()
        for id in ["42", "43"] {
            _ = try await run([
                "put", "Price of \(id)?", "9", "--exact", "--tag", "product:\(id)", "--data", folder.cache,
            ])
        }
        let rule = #"where: tag == "product:{id}""#
        let file = try folder.write("event_rules:\n  - on: product_updated\n    \(rule)\n", to: "semcache.yaml")
        let event = ["event", "product_updated", "id=42", "--data", folder.cache]
        let dry = try await run(event + ["--config", file, "--dry-run", "--json"]).json()
        #expect(dry["entries"] as? Int == 1)
        let fired = try await run(event, environment: ["SEMCACHE_CONFIG": file])
        #expect(fired.output == "removed 1 answer with 1 question\n", "\(fired.error)")
        #expect(try await Tool.run("get", "Price of 42?", "--exact", "--data", folder.cache).code == 1)
        #expect(try await Tool.run("get", "Price of 43?", "--exact", "--data", folder.cache).code == 0)
        // A rule that is none is told with its key and its line.
        for (text, key) in [("where: tags == 1", "event_rules.where"), ("when: x", "event_rules.when")] {
            let broken = try folder.write("event_rules:\n  - on: product_updated\n    \(text)\n", to: "broken.yaml")
            let refused = try await run(event + ["--config", broken])
            #expect(refused.code == 65 || refused.code == 64)
            #expect(refused.error.split(separator: "\n").count == 1)
            #expect(refused.error.contains("broken.yaml:3"), "\(refused.error)")
            #expect(refused.error.contains(key), "\(refused.error)")
        }
    }

    @Test func anEventRemovesWhatItsRuleSays() async throws {
        let folder = try Folder()
        for id in ["42", "43"] {
            try await Tool.run(
                "put",
                "Price of \(id)?",
                "9",
                "--exact",
                "--tag",
                "product:\(id)",
                "--data",
                folder.cache
            )
        }
        let rules = try folder.write(
            #"{"on": "product_updated", "where": "tag == \"product:{id}\""}"# + "\n",
            to: "rules.jsonl"
        )
        let missing = try await Tool.run("event", "product_updated", "--rules", rules, "--data", folder.cache)
        #expect(missing.code == 64)
        #expect(missing.error.contains("'id'"))
        let event = try await Tool.run("event", "product_updated", "id=42", "--rules", rules, "--data", folder.cache)
        #expect(event.output == "removed 1 answer with 1 question\n")
        #expect(try await Tool.run("get", "Price of 42?", "--exact", "--data", folder.cache).code == 1)
        #expect(try await Tool.run("get", "Price of 43?", "--exact", "--data", folder.cache).code == 0)
    }

    @Test func anExportComesBackAsItWas() async throws {
        let folder = try Folder()
        let lines = (1...40).map { #"{"question": "Question \#($0)", "answer": "A\#($0)", "tags": ["t:\#($0 % 2)"]}"# }
        let file = try folder.write((lines + ["{broken", ""]).joined(separator: "\n"), to: "faq.jsonl")
        let first = try await Tool.run("import", file, "--exact", "--json", "--data", folder.cache).json()
        #expect(first["added"] as? Int == 40)
        #expect(first["rejected"] as? Int == 1)
        #expect(try folder.text(of: "faq.jsonl.rejected").contains(#""line":41"#))
        let again = try await Tool.run("import", file, "--exact", "--json", "--data", folder.cache).json()
        #expect(again["added"] as? Int == 0)
        #expect(again["present"] as? Int == 40)
        #expect(try await Tool.run("export", folder.file("out.jsonl"), "--data", folder.cache).code == 0)
        let copy = folder.file("copy")
        let moved = try await Tool.run("import", folder.file("out.jsonl"), "--exact", "--json", "--data", copy).json()
        #expect(moved["added"] as? Int == 40)
        let exported = try await Tool.run("export", "--data", folder.cache).output
        #expect(try await Tool.run("export", "--data", copy).output == exported)
        #expect(try await Tool.run("get", "Question 7", "--exact", "--data", copy).output == "A7\n")
    }

    @Test func verifyAndCompactPassOnASoundCache() async throws {
        let folder = try Folder()
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        let verify = try await Tool.run("verify", "--data", folder.cache)
        #expect(verify.code == 0)
        #expect(verify.output == "checked 1 answer, 1 question and 0 vectors: sound\n")
        #expect(try await Tool.run("compact", "--data", folder.cache).code == 0)
    }

    @Test func verifyTellsOfADamagedSnapshotAndRepairRemovesIt() async throws {
        let folder = try Folder()
        try await Tool.run("put", "Question", "Answer", "--exact", "--data", folder.cache)
        _ = try folder.write("no snapshot", to: "cache/index-61.snapshot")
        let verify = try await Tool.run("verify", "--data", folder.cache)
        #expect(verify.code == 65)
        #expect(verify.output.contains("damagedSnapshot: a: "), "\(verify.output)")
        #expect(try await Tool.run("verify", "--repair", "--data", folder.cache).code == 0)
        #expect(try await Tool.run("verify", "--data", folder.cache).code == 0)
        #expect(try await Tool.run("get", "Question", "--exact", "--data", folder.cache).output == "Answer\n")
    }

    @Test func rulesOfTimeHoldForWhatIsPutAndImported() async throws {
        let folder = try Folder()
        let rules = try folder.write("time_rules:\n  - matches: (?i)price\n    time_to_live: 1h\n", to: "rules.yaml")
        let pairs = try folder.write(
            """
            {"question": "What is the price of tea?", "answer": "1"}
            {"question": "Where is the shop?", "answer": "2"}
            """,
            to: "pairs.jsonl"
        )
        let shared = ["--exact", "--data", folder.cache]
        #expect(try await run(["import", pairs, "--config", rules] + shared).code == 0)
        #expect(try await run(["put", "What is the price of jam?", "3", "--config", rules] + shared).code == 0)
        #expect(try await run(["put", "A price for ever?", "4"] + shared).code == 0)
        #expect(try await run(["put", "Another price?", "5", "--ttl", "2d", "--config", rules] + shared).code == 0)
        var hours: [String: Double] = [:]
        for line in try await Tool.run("export", "--data", folder.cache).lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let reply = (object?["reply"] as? [String: Any])?["text"] as? String ?? ""
            guard let created = object?["created_ms"] as? Double, let expires = object?["expires_ms"] as? Double else {
                continue
            }
            hours[reply] = (expires - created) / 3_600_000
        }
        #expect(hours == ["1": 1, "3": 1, "5": 48])
        #expect(try await run(["put", "Q", "A", "--config", folder.file("none.yaml")] + shared).code != 0)
    }

    @Test func anEncryptedCacheOpensWithItsKeyOnly() async throws {
        let folder = try Folder()
        let key = String(repeating: "0f", count: 32)
        let keyFile = try folder.write(key, to: "key")
        try await Tool.run("put", "Question", "Secret", "--exact", "--key-file", keyFile, "--data", folder.cache)
        let get = ["get", "Question", "--exact", "--data", folder.cache]
        #expect(try await run(get, environment: ["SEMCACHE_KEY": key]).output == "Secret\n")
        #expect(try await run(get).code == 64)
        let wrong = try await run(get, environment: ["SEMCACHE_KEY": String(repeating: "1f", count: 32)])
        #expect(wrong.code == 65)
        #expect(!wrong.error.contains("1f1f"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keyFile)
        let open = try await run(get + ["--key-file", keyFile])
        #expect(open.output == "Secret\n")
        #expect(open.error == "semcache: others can read the key in \(keyFile): chmod 600 \(keyFile)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keyFile)
        #expect(try await run(get + ["--key-file", keyFile]).error.isEmpty)
    }

    private func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Tool.Run {
        try await Tool.run(arguments, environment: environment)
    }
}
