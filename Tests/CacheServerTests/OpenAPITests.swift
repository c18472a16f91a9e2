import OpenAI
import SemanticCaching
import SemanticCachingTesting
import StrictJSON
import Synchronization
import Testing

@testable import CacheServer

/// The admin API answers what its document says, and the document says all that it answers.
@Suite struct OpenAPITests {
    private struct Broken: Error {}

    /// A request to an operation.
    private struct Call: Sendable {
        /// The method and the path as the document has them.
        let operation: String
        let target: String
        var body: [UInt8]?

        init(_ operation: String, _ target: String? = nil, _ json: JSONValue? = nil, body: [UInt8]? = nil) {
            self.operation = operation
            self.target = target ?? String(operation.split(separator: " ")[1])
            self.body = body ?? json?.serialized()
        }

        var method: String { String(operation.split(separator: " ")[0]) }
    }

    /// The statuses that operations have answered.
    private final class Seen: Sendable {
        private let statuses = Mutex<[String: Set<Int>]>([:])
        var all: [String: Set<Int>] { statuses.withLock { $0 } }

        /// Sends a call and notes its status.
        func send(_ call: Call, _ rig: Rig, headers: [(name: String, value: String)] = []) async throws -> Rig.Answer {
            let answer = try await rig.send(call.method, call.target, call.body, headers: headers, toAdmin: true)
            statuses.withLock { _ = $0[call.operation, default: []].insert(answer.status) }
            return answer
        }

        func note(_ status: Int, of operation: String) {
            statuses.withLock { _ = $0[operation, default: []].insert(status) }
        }
    }

    private func document() throws -> JSONValue {
        try JSONValue(parsing: Array(OpenAPIDocument.text.utf8))
    }

    /// The operations of the document by method and path.
    private func operations() throws -> [String: JSONValue] {
        var operations: [String: JSONValue] = [:]
        for path in try #require(try document()["paths"]?.objectValue).members {
            for operation in try #require(path.value.objectValue).members {
                operations["\(operation.key.uppercased()) \(path.key)"] = operation.value
            }
        }
        return operations
    }

    private static let entry: JSONValue = ["question": "q", "answer": "a", "model": "m", "namespace": "faq"]
    private static let other: JSONValue = ["question": "other", "answer": "a", "model": "m", "namespace": "faq"]
    private static let chat: JSONValue = ["model": "m", "messages": [["role": "user", "content": "x"]]]

    /// A request to each operation that it should carry out; `id` is a stored answer's.
    private func calls(_ id: String) -> [Call] {
        [
            Call("GET /"), Call("GET /openapi.json"), Call("GET /healthz"), Call("GET /readyz"), Call("GET /metrics"),
            Call("GET /api/stats"), Call("GET /api/history"), Call("GET /api/namespaces"), Call("GET /api/namespace"),
            Call("PUT /api/namespace", "/api/namespace?name=faq", ["threshold": 0.8]), Call("GET /api/entries"),
            Call("POST /api/entries", nil, Self.other), Call("GET /api/entries/{id}", "/api/entries/\(id)"),
            Call("POST /api/lookup", nil, ["question": "q", "model": "m"]),
            Call("POST /api/explain", nil, ["first": Self.chat, "second": Self.chat]),
            Call("POST /api/feedback", nil, ["entry": .string(id), "verdict": "good"]),
            Call("POST /api/invalidate", nil, ["tag": "none", "dry_run": true]),
            Call("POST /api/invalidate", nil, ["tag": "none"]),
            Call("POST /api/events", nil, ["name": "changed", "values": ["id": 1]]), Call("GET /api/near-misses"),
            Call("GET /api/export"), Call("POST /api/import", nil, Self.entry),
            Call("DELETE /api/entries/{id}", "/api/entries/\(id)"),
        ]
    }

    /// What each operation refuses, and how.
    private static let mistakes: [(call: Call, status: Int)] = [
        (Call("PUT /api/namespace", nil, ["threshold": 7]), 400),
        (Call("PUT /api/namespace", nil, ["maximum_error_rate": 0.7]), 400),
        (Call("PUT /api/namespace", nil, ["maximum_error_rate": 0.25]), 409),
        (Call("GET /api/entries", "/api/entries?limit=0"), 400),
        (Call("POST /api/entries", nil, ["question": "q"]), 400),
        (
            Call(
                "POST /api/entries",
                nil,
                ["question": "q", "answer": "too long", "model": "m", "namespace": "small"]
            ), 409
        ),
        (Call("GET /api/entries/{id}", "/api/entries/nonsense"), 400),
        (Call("GET /api/entries/{id}", "/api/entries/00000000000000000000000000"), 404),
        (Call("DELETE /api/entries/{id}", "/api/entries/nonsense"), 400),
        (Call("DELETE /api/entries/{id}", "/api/entries/00000000000000000000000000"), 404),
        (Call("POST /api/lookup", nil, ["question": "q"]), 400), (Call("POST /api/explain", nil, ["first": "x"]), 400),
        (Call("POST /api/feedback", nil, ["entry": "x", "verdict": "good"]), 400),
        (Call("POST /api/feedback", nil, ["entry": "00000000000000000000000000", "verdict": "good"]), 404),
        (Call("POST /api/invalidate", nil, [:]), 400),
        (Call("POST /api/invalidate", nil, ["near": "x", "similarity": 0.5]), 409),
        (Call("POST /api/events", nil, ["name": "changed"]), 400),
        (Call("GET /api/near-misses", "/api/near-misses?limit=0"), 400),
        (Call("GET /api/export", "/api/export?vectors=2"), 400),
    ]

    private func settings(_ store: any EntryStore = MemoryStore(), token: String? = nil) throws -> Rig.Settings {
        let rule = try EventRule(on: "changed", where: #"tag == "product:{id}""#)
        return Rig.Settings(
            store: store,
            cache: { $0.invalidation = InvalidationRules(events: [rule]) },
            server: { $0.admin.token = token.flatMap { APIKey($0) } }
        )
    }

    /// Stores an answer and returns its id.
    private static func store(_ rig: Rig) async throws -> String {
        try #require(try await rig.admin("POST", "/api/entries", entry).json["id"]?.stringValue)
    }

    @Test(.timeLimit(.minutes(5))) func itNamesEveryStatusThatAnOperationAnswersAndNoOther() async throws {
        let seen = Seen()
        let documented = try operations().mapValues { operation in
            Set(operation["responses"]?.objectValue?.members.compactMap { Int($0.key) } ?? [])
        }
        let takers = try operations().filter { $0.value["requestBody"] != nil }.map(\.key)
        try await Rig.run(try settings()) { (rig: Rig) async throws in
            for call in calls(try await Self.store(rig)) {
                #expect((200..<300).contains(try await seen.send(call, rig).status), "\(call.operation)")
            }
            _ = try await rig.admin("PUT", "/api/namespace?name=small", ["maximum_reply_bytes": 1])
            for (call, status) in Self.mistakes {
                #expect(try await seen.send(call, rig).status == status, "\(call.operation) \(call.target)")
            }
            for call in calls("00000000000000000000000000") {
                _ = try await seen.send(call, rig, headers: [("host", "evil.example")])
            }
            let tooMuch = [UInt8](repeating: 0x20, count: (16 << 20) + 1)
            for operation in takers {
                let text = try await seen.send(
                    Call(operation, nil, body: []),
                    rig,
                    headers: [("content-type", "text/plain")]
                )
                #expect(text.status == 415, "\(operation)")
                // A file may be of any length; its lines have limits of their own.
                guard operation != "POST /api/import" else { continue }
                #expect(try await seen.send(Call(operation, nil, body: tooMuch), rig).status == 413, "\(operation)")
            }
            guard let raw = RawConnection(port: rig.adminPort) else { throw Broken() }
            raw.send(
                "POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"
            )
            #expect(await raw.everything().hasPrefix("HTTP/1.1 400"))
            seen.note(400, of: "POST /api/import")
        }
        try await Rig.run(try settings(token: "secret")) { (rig: Rig) async throws in
            for call in calls("00000000000000000000000000") { _ = try await seen.send(call, rig) }
        }
        for error: any Error in [CacheError(.storeUnavailable, "gone"), Broken()] {
            let store = FaultyStore()
            try await Rig.run(try settings(store)) { (rig: Rig) async throws in
                let id = try await Self.store(rig)
                store.fail(with: error)
                for call in calls(id) { _ = try await seen.send(call, rig) }
            }
        }
        let all = seen.all
        for operation in Set(documented.keys).union(all.keys).sorted() {
            #expect(all[operation]?.sorted() == documented[operation]?.sorted(), "\(operation)")
        }
    }

    @Test func itNamesEveryMemberOfAnAnswer() async throws {
        let operations = try operations()
        let schemas = try document()["components"]?["schemas"]
        try await Rig.run(try settings()) { (rig: Rig) async throws in
            for call in calls(try await Self.store(rig)) {
                let answer = try await rig.send(call.method, call.target, call.body, toAdmin: true)
                let content = operations[call.operation]?["responses"]?[String(answer.status)]?["content"]
                var schema = content?["application/json"]?["schema"]
                if let name = schema?["$ref"]?.stringValue?.split(separator: "/").last {
                    schema = schemas?[String(name)]
                }
                // What has no members in the document is any object.
                guard let properties = schema?["properties"]?.objectValue else { continue }
                for member in try #require(answer.json.objectValue).members {
                    #expect(properties[member.key] != nil, "\(call.operation): \(member.key)")
                }
            }
        }
    }

    /// A value at an end of its range is taken, one beyond it is not, nor one of another type.
    @Test func settingsHaveTheRangesThatItSays() async throws {
        let schemas = try document()["components"]?["schemas"]
        let changes = try #require(schemas?["SettingsChange"]?["properties"]?.objectValue)
        let shown = try #require(schemas?["Settings"]?["properties"]?.objectValue)
        try await Rig.run { (rig: Rig) async throws in
            func status(_ name: String, _ value: JSONValue) async throws -> Int {
                try await rig.admin("PUT", "/api/namespace?name=faq", .object([name: value])).status
            }
            let present = try await rig.admin("GET", "/api/namespace?name=faq").json.objectValue
            #expect(Set(try #require(present).members.map(\.key)) == Set(shown.members.map(\.key)))
            for property in changes.members {
                let (name, schema) = (property.key, property.value)
                #expect(shown[name] != nil, "\(name)")
                #expect(try await status(name, "text") == 400, "\(name)")
                let types =
                    schema["type"]?.stringValue.map { [$0] } ?? schema["type"]?.arrayValue?.compactMap(\.stringValue)
                #expect(try await status(name, .null) == (types?.contains("null") == true ? 200 : 400), "\(name)")
                // What a restart alone changes is in its range a conflict.
                let taken = name == "maximum_error_rate" ? 409 : 200
                for (limit, beyond) in [("minimum", -1.0), ("maximum", 1.0)] {
                    guard let value = schema[limit], let number = value.doubleValue else { continue }
                    #expect(try await status(name, value) == taken, "\(name) \(limit)")
                    let isWhole = types == ["integer"]
                    let step = number == 0 ? 1e-9 : number.magnitude * 1e-6
                    let other: JSONValue =
                        try isWhole
                        ? .integer(#require(value.intValue) + Int(beyond)) : .double(number + beyond * step)
                    #expect(try await status(name, other) == 400, "\(name) beyond its \(limit)")
                }
            }
        }
    }
}
