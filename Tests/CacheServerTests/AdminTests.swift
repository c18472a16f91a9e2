import CacheServer
import Embeddings
import OpenAI
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Testing

@Suite struct AdminTests {
    @Test func healthReadinessAndMetrics() async throws {
        try await Rig.run { (rig: Rig) async throws in
            #expect(try await rig.admin("GET", "/healthz").json == ["status": "ok"])
            #expect(try await rig.admin("GET", "/readyz").json == ["status": "ready"])
            _ = try await rig.chat("my private question")
            _ = try await rig.chat("my private question")
            let metrics = try await rig.admin("GET", "/metrics")
            #expect(metrics["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let text = metrics.text
            #expect(text.contains(#"semcache_requests_total{outcome="hit",tier="exact",namespace="default"} 1"#))
            #expect(text.contains(#"semcache_requests_total{outcome="miss",tier="none",namespace="default"} 1"#))
            #expect(text.contains("semcache_entries 1"))
            #expect(!text.contains("private"))
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(Double(line.split(separator: " ").last ?? "") != nil, "\(line)")
            }
        }
    }

    @Test func entriesAreStoredListedAndDeleted() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let body: JSONValue = [
                "question": "What is it?", "answer": "It is.", "model": "m", "namespace": "faq", "tags": ["doc:1"],
            ]
            let created = try await rig.admin("POST", "/api/entries", body)
            #expect(created.status == 201)
            let id = try #require(created.json["id"]?.stringValue)
            let list = try await rig.admin("GET", "/api/entries?namespace=faq&tag=doc:1")
            #expect(list.json["entries"]?[0]?["questions"] == ["What is it?"])
            #expect(try await rig.admin("GET", "/api/entries?tag=none").json["entries"] == [])
            #expect(try await rig.admin("GET", "/api/entries/\(id)").json["answer"] == "It is.")
            let found = try await rig.admin(
                "POST",
                "/api/lookup",
                ["question": "What is it?", "model": "m", "namespace": "faq"]
            )
            #expect(found.json["outcome"] == "hit")
            #expect(try await rig.admin("DELETE", "/api/entries/\(id)").json == ["deleted": 1])
            #expect(try await rig.admin("DELETE", "/api/entries/\(id)").status == 404)
            #expect(try await rig.admin("GET", "/api/entries/\(id)").status == 404)
            #expect(try await rig.admin("GET", "/api/entries/nonsense").status == 400)
        }
    }

    /// A tenant alone and a name alone are conditions by themselves.
    @Test func entriesAreFoundByTenantAndByName() async throws {
        try await Rig.run { (rig: Rig) async throws in
            for (tenant, namespace) in [("a", "faq"), ("a", "default"), ("b", "faq"), ("", "default")] {
                let body: JSONValue = [
                    "question": .string("\(tenant)/\(namespace)"), "answer": "It is.", "model": "m",
                    "tenant": .string(tenant), "namespace": .string(namespace),
                ]
                #expect(try await rig.admin("POST", "/api/entries", body).status == 201)
            }
            for (query, expected) in [
                ("tenant=a", ["a/faq", "a/default"]), ("namespace=faq", ["a/faq", "b/faq"]),
                ("tenant=b&namespace=faq", ["b/faq"]), ("tenant=b&namespace=default", []),
            ] {
                let list = try await rig.admin("GET", "/api/entries?\(query)").json["entries"]?.arrayValue
                let questions = list?.compactMap { $0["questions"]?[0]?.stringValue }
                #expect(questions.map { Set($0) } == Set(expected), "\(query)")
                let lines = try await rig.admin("GET", "/api/export?\(query)").text.split(separator: "\n")
                #expect(lines.count == expected.count, "\(query)")
                #expect(expected.allSatisfy { question in lines.contains { $0.contains(question) } }, "\(query)")
            }
            let first = try await rig.admin("GET", "/api/entries?namespace=faq&limit=1").json
            let next = try #require(first["next"]?.stringValue)
            let second = try await rig.admin("GET", "/api/entries?namespace=faq&limit=1&after=\(next)").json
            #expect(second["entries"]?[0]?["namespace"] == "faq")
            #expect(second["entries"]?[0]?["id"] != first["entries"]?[0]?["id"])
        }
    }

    @Test func invalidationCountsAndCanBeTriedOut() async throws {
        try await Rig.run { (rig: Rig) async throws in
            for text in ["a", "b"] { _ = try await rig.chat(text, [("x-semcache-tags", "doc:1, all")]) }
            _ = try await rig.chat("c", [("x-semcache-tags", "all")])
            let trial = try await rig.admin("POST", "/api/invalidate", ["tag": "doc:1", "dry_run": true])
            #expect((trial.json["matched"], trial.json["dry_run"]) == (2, true))
            // Answers of one millisecond are in no order.
            let examples = trial.json["examples"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(examples.sorted() == ["a", "b"])
            #expect(try await rig.chat("a")["x-semcache"] == "HIT")
            let real = try await rig.admin("POST", "/api/invalidate", ["tag": "doc:1"])
            #expect(real.json == ["matched": 2, "dry_run": false])
            #expect(try await rig.chat("a")["x-semcache"] == "MISS")
            #expect(try await rig.chat("c")["x-semcache"] == "HIT")
            let pattern = try await rig.admin(
                "POST",
                "/api/invalidate",
                ["pattern": "c*", "namespace": "default", "tenant": "anonymous"]
            )
            #expect(pattern.json["matched"] == 1)
            #expect(try await rig.chat("c")["x-semcache"] == "MISS")
            #expect(try await rig.admin("POST", "/api/events", ["name": "none"]).json == ["matched": 0])
            #expect(try await rig.admin("POST", "/api/invalidate", [:]).status == 400)
            #expect(try await rig.admin("POST", "/api/invalidate", ["tga": "x"]).status == 400)
        }
    }

    /// Stores an answer to one question in namespaces of two tenants and of none.
    private func storeForTenants(_ rig: Rig) async throws {
        for (tenant, namespace) in [("a", "faq"), ("a", "default"), ("b", "faq"), ("", "default")] {
            let body: JSONValue = [
                "question": "how do I reset it", "answer": .string("\(tenant)/\(namespace)"), "model": "m",
                "tenant": .string(tenant), "namespace": .string(namespace),
            ]
            #expect(try await rig.admin("POST", "/api/entries", body).status == 201)
        }
    }

    /// Which of ``storeForTenants(_:)`` are left.
    private func answers(_ rig: Rig) async throws -> Set<String> {
        let list = try await rig.admin("GET", "/api/entries").json["entries"]?.arrayValue ?? []
        return Set(list.compactMap { $0["answer"]?.stringValue })
    }

    @Test func aTenantAloneIsInvalidatedInAllItsNamespaces() async throws {
        try await Rig.run { (rig: Rig) async throws in
            try await storeForTenants(rig)
            let trial = try await rig.admin("POST", "/api/invalidate", ["tenant": "a", "dry_run": true])
            #expect(trial.json["matched"] == 2)
            #expect(try await rig.admin("POST", "/api/invalidate", ["tenant": "a"]).json["matched"] == 2)
            #expect(try await answers(rig) == ["b/faq", "/default"])
            // A name alone is that of no tenant.
            #expect(try await rig.admin("POST", "/api/invalidate", ["namespace": "faq"]).json["matched"] == 0)
            #expect(try await rig.admin("POST", "/api/invalidate", ["namespace": "default"]).json["matched"] == 1)
        }
    }

    @Test func nearnessIsLookedForWhereTheOtherConditionsSay() async throws {
        let embedder = HashingEmbedder()
        try await Rig.run(Rig.Settings(embedder: embedder)) { (rig: Rig) async throws in
            try await storeForTenants(rig)
            var near: JSONObject = ["near": "how do I reset it", "similarity": 0.99, "dry_run": true]
            #expect(try await rig.admin("POST", "/api/invalidate", .object(near)).json["matched"] == 4)
            near["tenant"] = "a"
            #expect(try await rig.admin("POST", "/api/invalidate", .object(near)).json["matched"] == 2)
            // With ids, both must hold.
            let list = try await rig.admin("GET", "/api/entries?tenant=a&namespace=faq").json["entries"]
            near["ids"] = [try #require(list?[0]?["id"])]
            #expect(try await rig.admin("POST", "/api/invalidate", .object(near)).json["matched"] == 1)
            embedder.behavior = .failing(.unavailable("down"))
            near["near"] = "a text that has no vector yet"
            #expect(try await rig.admin("POST", "/api/invalidate", .object(near)).status == 503)
        }
    }

    /// A condition that says nothing must not widen what the others mean.
    @Test(
        arguments: [
            ["ids": []], ["namespace": nil], ["tag": "all", "near": nil], ["before": -1], ["similarity": 2],
            ["near": "a"], ["pattern": .string(String(repeating: "a", count: 1_001))],
        ] as [JSONValue]
    )
    func anEmptyConditionInvalidatesNothing(condition: JSONValue) async throws {
        try await Rig.run { (rig: Rig) async throws in
            _ = try await rig.chat("a", [("x-semcache-tags", "all")])
            var body = try #require(condition.objectValue)
            body["tag"] = "all"
            #expect(try await rig.admin("POST", "/api/invalidate", .object(body)).status == 400)
            #expect(try await rig.chat("a")["x-semcache"] == "HIT")
        }
    }

    @Test func whatTheSettingsForbidIsAConflict() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let near: JSONValue = ["near": "a", "similarity": 0.9]
            #expect(try await rig.admin("POST", "/api/invalidate", near).status == 409)
            let change = try await rig.admin("PUT", "/api/namespace?name=small", ["maximum_reply_bytes": 1])
            #expect(change.status == 200)
            let entry: JSONValue = ["question": "q", "answer": "too long", "model": "m", "namespace": "small"]
            #expect(try await rig.admin("POST", "/api/entries", entry).status == 409)
        }
    }

    @Test func aBadAnswerGoesAndBecomesALabel() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let id = try #require(try await rig.chat("a")["x-semcache-entry"])
            #expect(
                try await rig.admin("POST", "/api/feedback", ["entry": .string(id), "verdict": "odd"]).status == 400
            )
            let body: JSONValue = ["entry": .string(id), "verdict": "bad", "question": "asked"]
            #expect(try await rig.admin("POST", "/api/feedback", body).json["deleted"] == 1)
            #expect(try await rig.chat("a")["x-semcache"] == "MISS")
            let names = try await rig.cache.store.metadataNames(prefix: "label/")
            #expect(names.count == 1)
        }
    }

    @Test func settingsChangeLiveAndMistakesAreNamed() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let changed = try await rig.admin(
                "PUT",
                "/api/namespace?name=faq&tenant=anonymous",
                ["threshold": 0.75, "time_to_live_seconds": 60]
            )
            #expect(changed.json["threshold"] == 0.75)
            #expect(changed.json["time_to_live_seconds"] == 60)
            let fault = try await rig.admin("PUT", "/api/namespace?name=faq", ["threshold": 7])
            #expect(fault.status == 400)
            #expect(fault.json["error"]?["message"]?.stringValue?.contains("threshold") == true)
            let unknown = try await rig.admin("PUT", "/api/namespace?name=faq", ["treshold": 0.5])
            #expect(unknown.json["error"]?["message"]?.stringValue?.contains("treshold must be one of") == true)
            _ = try await rig.chat("a", [("x-semcache-namespace", "faq")])
            let list = try await rig.admin("GET", "/api/namespaces").json["namespaces"]?.arrayValue ?? []
            #expect(list.contains { $0["namespace"] == "faq" && $0["entries"] == 1 && $0["threshold"] == 0.75 })
        }
    }

    @Test func nearMissesAndExplanations() async throws {
        let settings = Rig.Settings(embedder: HashingEmbedder(), cache: { $0.namespaces.threshold = 0.99 })
        try await Rig.run(settings) { (rig: Rig) async throws in
            _ = try await rig.chat("how do I reset my password please")
            _ = try await rig.chat("how do I reset my password")
            let misses = try await rig.admin("GET", "/api/near-misses").json["near_misses"]
            #expect(misses?[0]?["question"] == "how do I reset my password")
            #expect(misses?[0]?["nearest"]?["question"] == "how do I reset my password please")
            _ = try await rig.chat("how do I reset my old password please")
            #expect(try await rig.admin("GET", "/api/near-misses").json["near_misses"]?.arrayValue?.count == 2)
            let last = try await rig.admin("GET", "/api/near-misses?limit=1").json["near_misses"]
            #expect(last?.arrayValue?.map { $0["question"] } == ["how do I reset my old password please"])
            #expect(try await rig.admin("GET", "/api/near-misses?limit=0").status == 400)
            let message: JSONValue = ["role": "user", "content": "x"]
            let explanation = try await rig.admin(
                "POST",
                "/api/explain",
                [
                    "first": ["model": "m", "messages": [message], "temperature": 0, "user": "u"],
                    "second": ["model": "m", "messages": [message], "temperature": 0.5],
                ]
            )
            #expect(explanation.json["share_key"] == false)
            let keyed = explanation.json["differences"]?.arrayValue?.filter { $0["is_keyed"] == true }
            #expect(keyed?.map { $0["path"] } == ["parameters.temperature"])
        }
    }

    @Test func whatIsExportedCanBeImported() async throws {
        let exported = try await exportOfThree()
        try await Rig.run { (rig: Rig) async throws in
            let lines = exported + Array("\nnot json\n{\"question\":\"x\"}\n".utf8)
            let answer = try await rig.send(
                "POST",
                "/api/import",
                lines,
                headers: [("content-type", "application/x-ndjson")],
                toAdmin: true
            )
            #expect(answer.json["stored"] == 3)
            #expect(answer.json["present"] == 0)
            #expect(answer.json["rejected"] == 2)
            #expect(answer.json["faults"]?.arrayValue?.count == 2)
            let headers = [(name: "cache-control", value: "only-if-cached")]
            let hit = try await rig.chat("b", headers)
            #expect(hit.json["choices"]?[0]?["message"]?["content"] == "Echo of b!")
        }
    }

    private func exportOfThree() async throws -> [UInt8] {
        let (result, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        try await Rig.run { (rig: Rig) async throws in
            for text in ["a", "b", "c"] { _ = try await rig.chat(text) }
            continuation.yield(try await rig.admin("GET", "/api/export").body)
        }
        for await bytes in result { return bytes }
        return []
    }

    // MARK: - Safety

    @Test func theTokenIsAskedFor() async throws {
        let settings = Rig.Settings(server: { $0.admin.token = APIKey("admin-secret") })
        try await Rig.run(settings) { (rig: Rig) async throws in
            for path in ["/", "/healthz", "/readyz", "/openapi.json"] {
                #expect(try await rig.admin("GET", path).status == 200)
            }
            for path in ["/api/stats", "/metrics", "/api/entries"] {
                #expect(try await rig.admin("GET", path).status == 401)
                let wrong = try await rig.send(
                    "GET",
                    path,
                    headers: [("authorization", "Bearer admin-secreT")],
                    toAdmin: true
                )
                #expect(wrong.status == 401)
                let right = try await rig.send(
                    "GET",
                    path,
                    headers: [("authorization", "Bearer admin-secret")],
                    toAdmin: true
                )
                #expect(right.status == 200)
            }
        }
    }

    @Test func pagesOfOtherSitesCannotUseTheLoopbackAPI() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let foreign = try await rig.send("GET", "/api/stats", headers: [("host", "evil.example")], toAdmin: true)
            #expect(foreign.status == 403)
            let form = try await rig.send(
                "POST",
                "/api/invalidate",
                Array(#"{"namespace":"default"}"#.utf8),
                headers: [("content-type", "text/plain")],
                toAdmin: true
            )
            #expect(form.status == 415)
        }
    }

    @Test func theDocumentNamesEveryOperationAndNoOther() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let document = try await rig.admin("GET", "/openapi.json").json
            #expect(document["openapi"]?.stringValue?.hasPrefix("3.1") == true)
            let paths = try #require(document["paths"]?.objectValue)
            for path in paths.members {
                for operation in path.value.objectValue?.members ?? [] where operation.key != "parameters" {
                    let url = path.key.replacing("{id}", with: "00000000000000000000000000")
                    let body: JSONValue? = ["post", "put"].contains(operation.key) ? [:] : nil
                    let answer = try await rig.admin(operation.key.uppercased(), url, body)
                    let documented = Set(operation.value["responses"]?.objectValue?.members.map(\.key) ?? [])
                    #expect(
                        documented.contains(String(answer.status)),
                        "\(operation.key) \(path.key): \(answer.status)"
                    )
                }
            }
            #expect(paths.members.map(\.key).sorted() == AdminRoutes.paths.sorted())
            #expect(try await rig.admin("GET", "/api/nothing").status == 404)
            #expect(try await rig.admin("POST", "/api/stats", [:]).status == 405)
        }
    }

    @Test func theDashboardStandsAlone() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let page = try await rig.admin("GET", "/")
            #expect(page["content-type"]?.hasPrefix("text/html") == true)
            #expect(page["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(!page.text.contains("http://") && !page.text.contains("https://"))
            #expect(page.text.contains("<html lang=\"en\">"))
            // Shown with a shared tier only: without one the statistics have none.
            #expect(page.text.contains(#"<section class="wide" id="shared" hidden><h2>Replicas</h2>"#))
            #expect(page.text.contains("showSharedTier(stats.shared_tier)"))
            #expect(try await rig.admin("GET", "/api/stats").json["shared_tier"] == .null)
        }
    }
}
