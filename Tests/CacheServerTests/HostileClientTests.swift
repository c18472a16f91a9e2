import CacheServer
import Foundation
import SemanticCaching
import StrictJSON
import Testing

@Suite struct HostileClientTests {
    private func exchange(_ text: String, port: Int) async -> String {
        guard let connection = RawConnection(port: port) else { return "" }
        connection.send(text)
        return await connection.everything()
    }

    /// Shapes on which two servers could disagree where one request ends and the next begins.
    @Test(arguments: [
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: h\r\nBad Header: x\r\n\r\n",
        "GET /v1/models\u{0}x HTTP/1.1\r\nHost: h\r\n\r\n",
        "NONSENSE\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\nhello",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 5 5\r\n\r\nhello",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;\nhello\r\n0\r\n\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    ])
    func ambiguousRequestsAreRefusedAndNeverForwarded(text: String) async throws {
        try await Rig.run { (rig: Rig) async throws in
            let answer = await exchange(text, port: rig.port)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer.prefix(80))")
            #expect(rig.stub.calls.isEmpty)
        }
    }

    @Test func aBodyThatNeverComesIsGivenUp() async throws {
        let settings = Rig.Settings(server: { $0.limits.bodyTimeout = .milliseconds(50) })
        try await Rig.run(settings) { (rig: Rig) async throws in
            let head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 50\r\n\r\n{"
            #expect(await exchange(head, port: rig.port).hasPrefix("HTTP/1.1 408"))
            #expect(rig.stub.calls.isEmpty)
            let metrics = try await rig.admin("GET", "/metrics").text
            #expect(metrics.contains(#"semcache_shed_total{cause="body-time"} 1"#))
        }
    }

    @Test func aHeadThatNeverEndsIsGivenUp() async throws {
        let settings = Rig.Settings(server: { $0.limits.idleTimeout = .seconds(1) })
        try await Rig.run(settings) { (rig: Rig) async throws in
            #expect(await exchange("GET /v1/models HTTP/1.1\r\nX-Slow:", port: rig.port).isEmpty)
        }
    }

    /// What is read of a request where it comes in goes with this request and with no other of the connection.
    @Test func callersBehindOneConnectionStayApart() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let body = #"{"model":"m","messages":[{"role":"user","content":"the same"}]}"#
            func request(_ caller: String, _ more: String = "") -> String {
                "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer \(caller)\r\n\(more)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            let text = await exchange(
                request("one") + request("two") + request("three", "x-semcache-mode: off\r\n")
                    + request("one", "x-semcache-namespace: other\r\n") + request("one")
                    + request("two", "Connection: close\r\n"),
                port: rig.port
            )
            let outcomes = text.matches(of: #/x-semcache: ([A-Z]+)/#).map { String($0.1) }
            #expect(outcomes == ["MISS", "MISS", "BYPASS", "MISS", "HIT", "HIT"])
            #expect(rig.stub.calls.count == 4)
        }
    }

    /// A hit is answered where it is read, a miss by a task: what comes behind it on the connection waits for it.
    @Test func hitsDoNotOvertakeMissesOfTheirConnection() async throws {
        try await Rig.run { (rig: Rig) async throws in
            _ = try await rig.chat("known")
            func request(_ text: String, _ more: String = "") -> String {
                let body = #"{"model":"m","messages":[{"role":"user","content":"\#(text)"}]}"#
                return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                    + "\(more)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            let last = request("known", "Connection: close\r\n")
            let text = await exchange(request("known") + request("new") + request("known") + last, port: rig.port)
            let outcomes = text.matches(of: #/x-semcache: ([A-Z]+)/#).map { String($0.1) }
            #expect(outcomes == ["HIT", "MISS", "HIT", "HIT"])
            #expect(text.matches(of: #/Echo of ([a-z]+)/#).map { String($0.1) } == ["known", "new", "known", "known"])
            #expect(
                text.matches(of: #/(?i)\r\ndate: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n/#)
                    .count == 4
            )
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await Rig.run { (rig: Rig) async throws in
            let first = "GET /v1/a HTTP/1.1\r\nHost: h\r\n\r\n"
            let second = "GET /v1/b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            let answer = await exchange(first + second, port: rig.port)
            #expect(answer.components(separatedBy: "HTTP/1.1 207").count == 3)
            #expect(rig.stub.calls.map(\.path) == ["/v1/a", "/v1/b"])
        }
    }
}

@Suite struct TenantSecretTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/semcache-test-XXXXXX".utf8CString)
        _ = mkdtemp(&template)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try body(folder)
        unlink(folder + "/secret")
        rmdir(folder)
    }

    @Test func itIsMadeOnceForItsOwnerOnly() throws {
        try withFolder { folder in
            let secret = try TenantSecret.load(from: folder + "/secret")
            #expect(secret.count == 32)
            #expect(Set(secret).count > 8)
            #expect(try TenantSecret.load(from: folder + "/secret") == secret)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/secret")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func aSecretThatOthersMayReadOrThatIsCutShortIsRefused() throws {
        try withFolder { folder in
            _ = try TenantSecret.load(from: folder + "/secret")
            chmod(folder + "/secret", 0o644)
            #expect(throws: CacheError.self) { try TenantSecret.load(from: folder + "/secret") }
            chmod(folder + "/secret", 0o600)
            truncate(folder + "/secret", 31)
            #expect(throws: CacheError.self) { try TenantSecret.load(from: folder + "/secret") }
            #expect(throws: CacheError.self) { try TenantSecret.load(from: folder + "/none/secret") }
        }
    }
}
