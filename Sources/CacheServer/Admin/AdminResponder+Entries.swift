internal import HTTPTypes
internal import Hummingbird
internal import OpenAI
internal import SemanticCaching
internal import StrictJSON

extension AdminResponder {
    func entries(_ request: AdminRequest) async throws -> Response {
        var filter = EntryFilter()
        filter.tag = request.query("tag")
        filter.model = request.query("model")
        filter.questionPrefix = request.query("prefix")
        let limit = try request.query("limit", default: 50, in: 1...1_000)
        var after: EntryID?
        if let text = request.query("after") {
            guard let id = EntryID(text) else { throw AdminRequest.fault("after", "the id of an entry") }
            after = id
        }
        let page = try await EntryQuery(request, filter: filter).entries(in: cache.store, after: after, limit: limit)
        var list: [JSONValue] = []
        for entry in page {
            let questions = try await cache.store.questions(of: entry.id)
            list.append(.object(AdminJSON.entry(entry, questions: questions)))
        }
        let next: JSONValue = page.count == limit ? page.last.map { .string("\($0.id)") } ?? .null : .null
        return .json(["entries": .array(list), "next": next])
    }

    func entry(_ request: AdminRequest) async throws -> Response {
        guard let entry = try await cache.store.entry(request.entryID()) else { throw Self.noSuchEntry }
        let questions = try await cache.store.questions(of: entry.id)
        return .json(.object(AdminJSON.entry(entry, questions: questions)))
    }

    func deleteEntry(_ request: AdminRequest) async throws -> Response {
        guard try await cache.remove([request.entryID()]) > 0 else { throw Self.noSuchEntry }
        return .json(["deleted": 1])
    }

    /// Stores an answer that was not asked for: `{question, answer, model, namespace?, tenant?, tags?, ttl?}`.
    func putEntry(_ request: AdminRequest) async throws -> Response {
        let id = try await put(try await request.body())
        guard let id else {
            throw ErrorAnswer(
                .conflict,
                code: "not_storable",
                "The namespace's settings do not store such an answer."
            )
        }
        return .json(["id": .string("\(id)")], status: .created)
    }

    func put(_ body: JSONObject) async throws -> EntryID? {
        let namespace = try body.namespace()
        var controls = CacheControls(tags: try body.texts("tags"))
        if let ttl = body["ttl"], !ttl.isNull {
            guard let seconds = ttl.doubleValue, (0.001...1e9).contains(seconds) else {
                throw AdminRequest.fault("ttl", "a number of seconds from 0.001 to 1e9")
            }
            controls.timeToLive = .seconds(seconds)
        }
        let scope = CacheScope(
            tenant: namespace.tenant,
            namespace: namespace.name,
            model: try body.requiredText("model")
        )
        let cacheRequest = CacheRequest(try body.requiredText("question"), scope: scope, controls: controls)
        return try await cache.store(CachedReply(text: try body.requiredText("answer")), for: cacheRequest)
    }

    /// Looks up without side effects: `{question, model, namespace?, tenant?}`.
    func lookup(_ request: AdminRequest) async throws -> Response {
        let body = try await request.body()
        let namespace = try body.namespace()
        let scope = CacheScope(
            tenant: namespace.tenant,
            namespace: namespace.name,
            model: try body.requiredText("model")
        )
        let verdict = await cache.explain(CacheRequest(try body.requiredText("question"), scope: scope))
        return .json(.object(AdminJSON.verdict(verdict)))
    }

    /// Tells why two chat requests share a key or do not: `{first: {…}, second: {…}}`.
    func explain(_ request: AdminRequest) async throws -> Response {
        let body = try await request.body()
        func parsed(_ name: String) throws -> CacheRequest {
            guard let object = body[name]?.objectValue, let parsed = ParsedRequest(chat: object) else {
                throw AdminRequest.fault(name, "the body of a chat completion request")
            }
            return CacheRequest(
                messages: parsed.messages,
                parameters: parsed.parameters,
                scope: CacheScope(model: parsed.model)
            )
        }
        let explanation = KeyExplanation(try parsed("first"), try parsed("second"))
        return .json([
            "share_key": .bool(explanation.shareKey),
            "differences": .array(
                explanation.differences.map { difference in
                    [
                        "path": .string(difference.path), "first": difference.first.map(JSONValue.string) ?? .null,
                        "second": difference.second.map(JSONValue.string) ?? .null,
                        "is_keyed": .bool(difference.isKeyed),
                    ]
                }
            ),
        ])
    }

    /// Takes a person's word on an answer: a bad one goes, and both are kept as labelled examples.
    func feedback(_ request: AdminRequest) async throws -> Response {
        let body = try await request.body()
        guard let id = EntryID(try body.requiredText("entry")) else {
            throw AdminRequest.fault("entry", "the id of an entry")
        }
        let verdict = try body.requiredText("verdict")
        guard verdict == "good" || verdict == "bad" else { throw AdminRequest.fault("verdict", "good or bad") }
        guard let entry = try await cache.store.entry(id) else { throw Self.noSuchEntry }
        let questions = try await cache.store.questions(of: id)
        var label: JSONObject = [
            "verdict": .string(verdict), "namespace": .string(entry.namespace.description),
            "stored": .string(questions.first?.text ?? ""), "answer": .string(entry.reply.text),
            "time": AdminJSON.time(clock.now),
        ]
        if let question = try body.text("question") { label["question"] = .string(question) }
        // One label for an answer and a question: saying it twice changes nothing.
        let name = "label/\(id)/\(Digest256(hashing: Array((try body.text("question") ?? "").utf8)))"
        try await cache.store.setMetadata(name, to: JSONValue.object(label).serialized())
        if let question = try body.text("question") {
            // The label is kept already: an embedder that is away now must not make the person say it again.
            _ = try? await cache.learn(fromPerson: verdict == "good", about: id, servedTo: question)
        }
        let deleted = verdict == "bad" ? try await cache.remove([id]) : 0
        return .json(["deleted": .integer(deleted), "labelled": true])
    }

    private static let noSuchEntry = ErrorAnswer(.notFound, code: "no_such_entry", "There is no such entry.")
}
