import Foundation
import SemanticCaching
import TestSupport
import Testing

@testable import RedisTier

/// A real server that speaks TLS alone, with certificates of an authority that is made for the test.
@Suite(.enabled(if: RedisServer.executable != nil && Authority.tool != nil, Authority.absence), .timeLimit(.minutes(5)))
struct TLSTests {
    private let authority: Authority
    private let server: RedisServer
    private let port: Int

    init() async throws {
        authority = try await Authority()
        try await authority.sign("server", for: "DNS:cache.test,IP:127.0.0.1")
        try await authority.sign("client", for: "DNS:bot.test")
        port = try RedisCluster.freePort()
        server = try await RedisServer([
            "--bind", "127.0.0.1", "--tls-port", String(port), "--tls-cert-file", authority.file("server.pem"),
            "--tls-key-file", authority.file("server.key"), "--tls-ca-cert-file", authority.file("ca.pem"),
            "--tls-auth-clients", "optional", "--requirepass", "secret",
        ])
    }

    private func url(_ options: String, scheme: String = "rediss") -> String {
        "\(scheme)://:secret@127.0.0.1:\(port)?\(options)"
    }

    private var trusted: String { "cacert=\(authority.file("ca.pem"))" }

    private func isConnected(_ replica: Replica) async -> Bool {
        await replica.tier.start()
        return replica.tier.isConnected
    }

    /// Why a connection is not made.
    private func refusal(_ options: String, scheme: String = "rediss") async throws -> String {
        let url = try RedisURL(url(options, scheme: scheme))
        var settings = RedisConnectionSettings()
        settings.password = url.password
        settings.tls = url.tls
        settings.connectDeadline = .seconds(30)
        let connection = RedisConnection(to: url.endpoint, settings: settings)
        defer { connection.close() }
        connection.start()
        await connection.settled()
        guard case .broken(let reason) = connection.status else { return "" }
        return reason
    }

    @Test func answersTravelEncrypted() async throws {
        let (a, b) = (try Replica(server, url: url(trusted)), try Replica(server, url: url(trusted)))
        #expect(await a.follow())
        #expect(await b.follow())
        // More than one record of TLS (16 kB), in both directions, in commands and in pipelines.
        let long = String(repeating: "Choose it. ", count: 20_000)
        try await a.put("How do I reset my password?", long)
        for number in 0..<100 { try await a.put("What does article number \(number) cost?", "\(number) euros") }
        #expect(await eventually { await b.cache.statistics().store.entries == 101 })
        #expect(await b.lookup("How do I reset my password please?").reply?.text == long)
        let c = try Replica(server, url: url(trusted), tier: { $0.followsChanges = false })
        #expect(await c.lookup("How do I reset my password?").tier == .shared)
        let d = try Replica(server, url: url(trusted))
        #expect(await d.follow())
        #expect(await d.cache.statistics().store.entries == 101)
    }

    @Test func onlyACertificateOfATrustedAuthorityWillDo() async throws {
        #expect(try await refusal(trusted) == "")
        #expect(try await refusal("").contains("certificate is refused"))
        let stranger = try await Authority()
        #expect(try await refusal("cacert=\(stranger.file("ca.pem"))").contains("certificate is refused"))
        #expect(try await refusal("cacert=/nowhere.pem").contains("cacert"))
    }

    @Test func onlyTheExpectedNameWillDo() async throws {
        #expect(try await refusal(trusted + "&sni=cache.test") == "")
        #expect(try await refusal(trusted + "&sni=other.test").contains("ostname mismatch"))
        #expect(try await refusal(trusted + "&sni=127.0.0.2").contains("IP address mismatch"))
    }

    @Test func serversMayAskForACertificate() async throws {
        #expect(
            await server.cli("-a", "secret", "--no-auth-warning", "CONFIG", "SET", "tls-auth-clients", "yes") == "OK"
        )
        #expect(try await refusal(trusted) != "")
        let own = "&cert=\(authority.file("client.pem"))&key=\(authority.file("client.key"))"
        #expect(try await refusal(trusted + own) == "")
        let wrong = "&cert=\(authority.file("client.pem"))&key=\(authority.file("server.key"))"
        #expect(try await refusal(trusted + wrong).contains("cert, key"))
    }

    @Test func twoLanguagesMeet() async throws {
        // TLS to a server in the clear, and the clear to a server of TLS.
        let plainPort = try RedisCluster.freePort()
        let plain = try await RedisServer(["--port", String(plainPort), "--bind", "127.0.0.1"])
        // Redis waits for the end of what it takes for a command.
        let replica = try Replica(
            plain,
            url: "rediss://127.0.0.1:\(plainPort)?\(trusted)",
            tier: { $0.connectDeadline = .milliseconds(300) }
        )
        #expect(await !isConnected(replica))
        #expect(try await refusal("", scheme: "redis") != "")
        #expect(try await replica.respond("Is anybody there?").reply.text == "answer to Is anybody there?")
    }
}

/// A certificate authority in a folder of its own.
final class Authority: Sendable {
    static let tool = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let absence: Comment = "openssl or redis-server is not installed: run scripts/setup"

    let folder = "/tmp/semcache-ca-" + UUID().uuidString.prefix(8)

    init() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await run(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test authority",
            "-keyout",
            file("ca.key"),
            "-out",
            file("ca.pem")
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func file(_ name: String) -> String { folder + "/" + name }

    /// Makes a key and a certificate for these names.
    func sign(_ name: String, for names: String) async throws {
        try "subjectAltName=\(names)\n".write(toFile: file(name + ".ext"), atomically: true, encoding: .utf8)
        try await run(
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=\(name)",
            "-keyout",
            file(name + ".key"),
            "-out",
            file(name + ".csr")
        )
        try await run(
            "x509",
            "-req",
            "-in",
            file(name + ".csr"),
            "-CA",
            file("ca.pem"),
            "-CAkey",
            file("ca.key"),
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            file(name + ".ext"),
            "-out",
            file(name + ".pem")
        )
    }

    private func run(_ arguments: String...) async throws {
        let tool = try #require(Self.tool)
        let said = await Program.output(of: tool, arguments)
        let made = try #require(arguments.last)
        try #require(FileManager.default.fileExists(atPath: made), "\(said)")
    }
}
