import Foundation
import Testing

/// A running server takes over what changes in its file, and nothing of what cannot be used.
@Suite struct ReloadTests {
    private static let first = """
        upstream: http://127.0.0.1:9/v1
        port: 0
        admin: {port: 0}
        access_log: false
        embedder: {enabled: false}
        namespaces:
          faq: {threshold: 0.81}
        """

    /// Runs a server by a file of that content, which the body may write anew.
    private func serve(
        _ text: String,
        _ body: (_ server: ServerProcess, _ file: String, _ write: (String) throws -> Void) async throws -> Void
    ) async throws {
        let folder = try Folder()
        let file = try folder.write(text, to: "semcache.yaml")
        try await ServerProcess.run(["--config", file, "--data", folder.cache]) { server in
            try await body(server, file) { _ = try folder.write($0, to: "semcache.yaml") }
        }
    }

    private func setting(_ name: String, of namespace: String, _ server: ServerProcess) async throws -> Double? {
        let (_, data) = try await server.send("GET", "/api/namespace?name=\(namespace)", toAdmin: true)
        return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?[name] as? Double
    }

    @Test func aChangedFileAndSIGHUPLoadItAnewAndABadOneChangesNothing() async throws {
        try await serve(Self.first) { server, file, write in
            #expect(try await setting("threshold", of: "faq", server) == 0.81)

            try write(Self.first.replacingOccurrences(of: "0.81", with: "high"))
            server.hangUp()
            let fault = try await server.line(with: "stays as it was")
            #expect(
                fault.contains("\(file):7: namespaces.faq.threshold must be a number from 0.0 to 1.0, not \"high\"")
            )
            #expect(try await setting("threshold", of: "faq", server) == 0.81)

            // Nobody sends a signal: the file's change is noticed, as is what it cannot change in a running server.
            try write(
                Self.first.replacingOccurrences(of: "0.81", with: "0.82").replacingOccurrences(
                    of: "port: 0",
                    with: "port: 1"
                )
            )
            #expect(try await server.line(with: "need a restart").contains("port, admin.port"))
            _ = try await server.line(with: "loaded anew")
            #expect(try await setting("threshold", of: "faq", server) == 0.82)
        }
    }

    @Test func ofWhatIsRefusedAsAWholeNothingIsTakenOver() async throws {
        try await serve(Self.first) { server, _, write in
            try write(
                Self.first.replacingOccurrences(of: "0.81", with: "0.82").replacingOccurrences(
                    of: "admin: {port: 0}",
                    with: "admin: {port: 0, host: 0.0.0.0}"
                )
            )
            server.hangUp()
            #expect(try await server.line(with: "stays as it was").contains("set admin.token"))
            #expect(try await setting("threshold", of: "faq", server) == 0.81)
        }
    }

    @Test func whatNeedsARestartIsNamedAlsoIfItIsSecretOrANamespaces() async throws {
        func text(_ secret: String, isShared: Bool) -> String {
            Self.first.replacingOccurrences(of: "{enabled: false}", with: "{enabled: false, key: \(secret)}")
                .replacingOccurrences(of: "{threshold: 0.81}", with: "{threshold: 0.81, is_shared: \(isShared)}")
                + "\nredis: {url: \"unix://:\(secret)@/tmp/semcache-nobody-is-here.sock\"}\n"
        }
        try await serve(text("first", isShared: false)) { server, _, write in
            try write(text("second", isShared: true))
            server.hangUp()
            let line = try await server.line(with: "need a restart")
            #expect(line.hasSuffix(": embedder.key, redis.url, namespaces.faq.is_shared"), "\(line)")
            // What stayed as it was is not named again.
            try write(text("second", isShared: true).replacingOccurrences(of: "port: 0", with: "port: 1"))
            server.hangUp()
            #expect(try await server.line(with: "need a restart").hasSuffix(": port, admin.port"))
        }
    }

    @Test func emptyingTheKeysOpensNothing() async throws {
        let question = #"{"model": "m", "messages": [{"role": "user", "content": "a"}]}"#
        try await serve(Self.first + "\nkeys:\n  - {key: first, tenant: team}\n") { server, _, write in
            #expect(try await server.send("POST", "/v1/chat/completions", body: question).status == 401)
            try write(Self.first + "\nkeys:\n")
            server.hangUp()
            #expect(try await server.line(with: "stays as it was").contains("keys must list at least one key"))
            #expect(try await server.send("POST", "/v1/chat/completions", body: question).status == 401)
        }
    }

    /// Keys, limits and rules of every kind: what the first file allowed the second forbids, and the other way round.
    @Test func keysLimitsAndRulesAreLoadedAnew() async throws {
        let question = #"{"model": "m", "messages": [{"role": "user", "content": "how much is it"}]}"#
        let entry =
            #"{"question": "how much is it", "answer": "12", "model": "m", "tags": ["product:7"], "tenant": "team"}"#
        let event = #"{"name": "updated", "values": {"id": "7"}}"#
        let before =
            Self.first + """

                limits: {body_bytes: 1KiB}
                keys:
                  - {key: first, tenant: team}
                """
        let after =
            Self.first.replacingOccurrences(of: "faq:", with: "shop:") + """

                limits: {body_bytes: 60}
                keys:
                  - {key: second, tenant: team}
                event_rules:
                  - {on: updated, where: 'tag == "product:{id}"'}
                """
        try await serve(before) { server, _, write in
            func ask(_ key: String) async throws -> Int {
                try await server.send("POST", "/v1/chat/completions", body: question, key: key).status
            }
            func matched() async throws -> Int? {
                let (_, data) = try await server.send("POST", "/api/events", body: event, toAdmin: true)
                return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["matched"] as? Int
            }
            #expect(try await server.send("POST", "/api/entries", body: entry, toAdmin: true).status == 201)
            #expect(try await ask("first") == 200)
            #expect(try await ask("second") == 401)
            #expect(try await matched() == 0)
            #expect(try await setting("threshold", of: "shop", server) == 0.9)

            try write(after)
            server.hangUp()
            _ = try await server.line(with: "loaded anew")
            #expect(try await ask("first") == 401)
            #expect(try await ask("second") == 413)
            #expect(try await matched() == 1)
            #expect(try await setting("threshold", of: "shop", server) == 0.81)
        }
    }
}
