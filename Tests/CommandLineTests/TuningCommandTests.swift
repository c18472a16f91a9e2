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

    @Test func whatIsWrongWithAFileIsToldWithItsNameInOneLine() async throws {
        let folder = try Folder()
        let broken = try folder.write("a,b,label\nx,y\n", to: "broken.csv")
        let empty = try folder.write("", to: "empty.jsonl")
        let cases = [
            (["tune", broken], "\(broken):2: 2 fields instead of 3"),
            (["tune", folder.path], "it is a folder"),
            (["tune", folder.file("none.csv")], "no such file"),
            (["replay", empty], "\(empty): the file has no rows"),
            (["replay", broken, "--order", "time"], "\(broken):2:"),
        ]
        for (arguments, message) in cases {
            let run = try await Tool.run(arguments)
            #expect(run.code == 65, "\(arguments): \(run.error)")
            #expect(run.error.contains(message), "\(run.error)")
            #expect(run.error.split(separator: "\n").count == 1)
        }
        // Where to keep it is asked before the file is read, which may take minutes.
        let homeless = try await Tool.run(["tune", folder.file("none.csv"), "--apply"])
        #expect(homeless.code == 64)
        #expect(homeless.error.contains("--data"))
        for blank in [["similarity", "", "x"], ["explain", " "]] {
            #expect(try await Tool.run(blank).code == 64)
        }
    }

    @Test(.enabled(if: Tool.hasModel, "needs the default model: scripts/fetch-model"))
    func tooFewRowsAndRowsOfOneKindSayWhatIsMissing() async throws {
        let folder = try Folder()
        let pair = #"{"a": "Reset my password", "b": "Password reset", "label": 1}"#
        let few = try folder.write(pair + "\n", to: "few.jsonl")
        let short = try await Tool.run("tune", few)
        #expect(short.code == 65)
        #expect(short.error.contains("\(few): it has 1 row, and 20 are needed: label or collect more"))
        let bound = (0..<40).map { #"{"a": "Reset my password", "b": "Wording \#($0)", "label": 1}"# }
        let same = try folder.write(bound.joined(separator: "\n"), to: "same.jsonl")
        let inseparable = try await Tool.run("tune", same)
        #expect(inseparable.code == 65)
        #expect(
            inseparable.error.contains(
                "\(same): rows that share a question or an answer stay in one half, and 0 rows of 10 that are needed "
                    + "would be left for the other: add rows with other questions"
            )
        )
        let lines = (0..<24).map {
            #"{"a": "How do I reset password \#($0)?", "b": "Reset password \#($0)", "label": 1}"#
        }
        let right = try folder.write(lines.joined(separator: "\n"), to: "right.jsonl")
        let page = folder.file("right.html")
        let run = try await Tool.run("tune", right, "--html", page)
        #expect(run.code == 0)
        #expect(run.output.contains("all of them are labelled right; wrong pairs that look alike are needed too"))
        #expect(!run.output.contains("ROC"))
        #expect(try folder.text(of: "right.html").contains("labelled right"))
        let json = try await Tool.run("tune", right, "--json").json()
        #expect(json["area_under_curve"] is NSNull)
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

    /// Two requests of a, one past ten seconds; the last one has the words of b and needs another answer.
    private static let timed = """
        text,group,time,tokens
        Alpha question?,a,0,100
        Alpha question?,a,5,100
        Beta question?,b,6,50
        Gamma question?,c,7,50
        Alpha question?,a,8,100
        Alpha question?,a,20,100
        Beta question?,x,21,50

        """

    @Test func configurationsArePlayedSideBySide() async throws {
        let folder = try Folder()
        let trace = try folder.write(Self.timed, to: "trace.csv")
        let forgetful = try folder.write(
            "embedder: {enabled: false}\ndefaults: {time_to_live: 10s}\n",
            to: "forgetful.yaml"
        )
        let small = try folder.write(
            "embedder: {enabled: false}\nnamespaces: {default: {maximum_entries: 1, eviction: lru}}\n",
            to: "small.yaml"
        )
        let json = try await Tool.run("replay", trace, "--compare", forgetful, small, "--json").json()
        #expect(json["order"] as? String == "time")
        #expect((json["policies"] as? [Any])?.isEmpty == true)
        let rows = try #require(json["configurations"] as? [[String: Any]])
        func column(_ name: String) -> [Int?] { rows.map { $0[name] as? Int } }
        #expect(rows.map { $0["configuration"] as? String } == [forgetful, small])
        #expect(column("requests") == [7, 7])
        // Forgetful serves seconds 5 and 8; small serves 5 and, as a is the only one kept, 20.
        #expect(column("exact_hits") == [2, 2])
        #expect(column("semantic_hits") == [0, 0])
        #expect(column("wrong_hits") == [0, 0])
        #expect(column("saved_tokens") == [200, 200])
        #expect(column("tokens") == [550, 550])
        #expect(column("expired") == [1, 0])
        #expect(column("evicted") == [0, 4])
        #expect(column("entries") == [2, 1])
        let table = try await Tool.run("replay", trace, "--compare", forgetful, small).lines
        #expect(table.first?.contains("forgetful.yaml") == true && table.first?.contains("small.yaml") == true)
        #expect(table.contains { $0.hasPrefix("hits ") && $0.hasSuffix(" 2") })
        #expect(table.contains { $0.hasPrefix("tokens saved ") && $0.hasSuffix("200 of 550") })
    }

    @Test func aFlagOutranksTheFileOfAReplay() async throws {
        let folder = try Folder()
        let trace = try folder.write(Self.timed, to: "trace.csv")
        let file = try folder.write("embedder: {enabled: false}\ndefaults: {time_to_live: 1s}\n", to: "a.yaml")
        func row(_ more: String...) async throws -> [String: Any] {
            let json = try await Tool.run(["replay", trace, "--config", file, "--json"] + more).json()
            return try #require((json["configurations"] as? [[String: Any]])?.first)
        }
        #expect(try await row()["hits"] as? Int == 0)
        let lasting = try await row("--set", "defaults.time_to_live=1h")
        // Those of a, and the last one, whose words lead to the answer of b.
        #expect(lasting["hits"] as? Int == 4)
        #expect(lasting["wrong_hits"] as? Int == 1)
        #expect(lasting["saved_tokens"] as? Int == 300)
    }

    @Test func wrongUseOfAReplayEndsWithOneLine() async throws {
        let folder = try Folder()
        let trace = try folder.write("text,group\nAlpha question?,a\n", to: "trace.csv")
        let bad = try folder.write("defaults:\n  treshold: 1\n", to: "bad.yaml")
        let exact = try folder.write("embedder: {enabled: false}\n", to: "exact.yaml")
        let uses: [([String], Int32, String)] = [
            (["--compare", exact], 64, "semcache: --compare needs two files or more\n"),
            (["--config", exact, "--compare", exact, exact], 64, "semcache: give --config or --compare, not both\n"),
            (["--set", "port"], 64, "semcache: --set takes name=value, as in port=8080\n"),
            (
                ["--set", "defaults.time_to_life=1h"], 64,
                "semcache: --set: there is no setting \"defaults.time_to_life\"; did you mean defaults.time_to_live?\n"
            ),
            (
                ["--config", exact, "--policy", "vcache"], 64,
                "semcache: the engine has no policy vcache; leave out --config, --compare and --set\n"
            ),
            (
                ["--compare", exact, bad], 65,
                "semcache: \(bad):2: there is no setting \"defaults.treshold\"; did you mean defaults.threshold?\n"
            ),
            (
                ["--config", exact, "--order", "time"], 65,
                "semcache: \(trace): the order of arrival needs a time, in seconds or ISO 8601, in each row; 1 have none\n"
            ),
        ]
        for (flags, code, message) in uses {
            let run = try await Tool.run(["replay", trace] + flags)
            #expect(run.code == code, "\(flags)")
            #expect(run.error == message)
            #expect(run.output.isEmpty)
        }
    }

    @Test(.enabled(if: Tool.hasModel, "needs the default model: scripts/fetch-model"))
    func theEngineMatchesInMeaningAndCountsIt() async throws {
        let folder = try Folder()
        let file = try folder.write(
            """
            {"text": "How do I reset my password?", "group": "reset", "time": 0, "reply": "On the sign-in page."}
            {"text": "How can I reset my password?", "group": "reset", "time": 1, "reply": "On the sign-in page."}
            {"text": "How do I reset my password?", "group": "reset", "time": 2, "reply": "On the sign-in page."}
            """,
            to: "stream.jsonl"
        )
        let json = try await Tool.run("replay", file, "--json").json()
        let row = try #require((json["configurations"] as? [[String: Any]])?.first)
        #expect(row["configuration"] as? String == "default")
        #expect(row["exact_hits"] as? Int == 1)
        #expect(row["semantic_hits"] as? Int == 1)
        #expect(row["estimated_token_counts"] as? Int == 3)
        #expect(row["entries"] as? Int == 1)
        #expect((json["policies"] as? [Any])?.count == 4)
        let strict = try await Tool.run("replay", file, "--set", "defaults.matches_meaning=false", "--json").json()
        #expect((strict["configurations"] as? [[String: Any]])?.first?["semantic_hits"] as? Int == 0)
    }

    @Test(.enabled(if: Tool.hasModel, "needs the default model: scripts/fetch-model"))
    func whatTuningAppliesIsHeeded() async throws {
        let folder = try Folder()
        let words = [
            "password", "invoice", "parcel", "account", "refund", "printer", "garden", "bicycle", "passport", "recipe",
            "ticket", "voucher", "contract", "mortgage", "guitar", "camera", "kitchen", "hotel", "doctor", "pension",
        ]
        // No two lines share a question, or all would fall into one half.
        let lines = words.flatMap { word in
            [
                #"{"a": "Where is my \#(word)?", "b": "Where do I find my \#(word)?", "label": 1}"#,
                #"{"a": "How old is the \#(word) by now?", "b": "Who sold us that \#(word) last year?", "label": 0}"#,
            ]
        }
        let pairs = try folder.write(lines.joined(separator: "\n"), to: "pairs.jsonl")
        let stored = try await Tool.run("put", "Where is my password?", "In the letter.", "--data", folder.cache)
        #expect(stored.code == 0, "\(stored.error)")
        func threshold(_ flags: String...) async throws -> Double {
            let arguments = ["explain", "Where do I find my password?", "--data", folder.cache, "--json"]
            return try #require(try await Tool.run(arguments + flags).json()["threshold"] as? Double)
        }
        #expect(abs(try await threshold() - 0.9) < 1e-6)
        let tuned = try await Tool.run(
            ["tune", pairs, "--max-error", "0.5", "--apply", "--data", folder.cache, "--json"]
        )
        #expect(tuned.code == 0, "\(tuned.error)")
        let found = try #require(try tuned.json()["threshold"] as? Double)
        #expect(found < 0.89)
        #expect(abs(try await threshold() - found) < 1e-5)
        #expect(abs(try await threshold("--threshold", "0.95") - 0.95) < 1e-6)
    }

    @Test func whatTheCommandLineSaysOutranksWhatTuningLeft() async throws {
        func heedsTuning(_ flags: String...) async throws -> Bool {
            let lines = try await Tool.run(["config", "--print"] + flags).lines
            let line = try #require(lines.first { $0.hasPrefix("uses_tuned_settings:") })
            return line.hasPrefix("uses_tuned_settings: true")
        }
        #expect(try await heedsTuning())
        #expect(try await heedsTuning("--port", "8090"))
        #expect(try await !heedsTuning("--threshold", "0.8"))
        #expect(try await !heedsTuning("--set", "defaults.maximum_error_rate=0.02"))
        #expect(try await heedsTuning("--threshold", "0.8", "--set", "uses_tuned_settings=true"))
    }
}
