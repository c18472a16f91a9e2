import Foundation
import Testing

/// A real redis-server of a test's own, on a socket in a folder of its own; it ends with the test, even if that crashes.
final class RedisProcess {
    private let process = Process()
    private let input = Pipe()
    private let folder: String

    /// Where the server is installed; nil if it is not.
    static let executable = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/usr/bin/valkey-server"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// What to say of a test that needs the server.
    static let absence: Comment = "redis-server is not installed: run scripts/setup"

    private var socket: String { folder + "/redis.sock" }
    var url: String { "unix://" + socket }

    struct StartFailure: Error { let log: String }

    init(_ arguments: [String] = []) async throws {
        folder = "/tmp/semcache-cli-redis-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The shell outlives neither this process nor its own standard input, and takes the server along.
        let script = "\"$@\" >\(folder)/log 2>&1 & server=$!; read line; kill -9 $server"
        process.arguments =
            [
                "-c", script, "sh", try #require(Self.executable), "--port", "0", "--unixsocket", socket, "--dir",
                folder,
                "--save", "", "--appendonly", "no", "--daemonize", "no",
            ] + arguments
        process.standardInput = input
        try process.run()
        let deadline = Date(timeIntervalSinceNow: 60)
        while !FileManager.default.fileExists(atPath: socket) {
            guard Date() < deadline else {
                throw StartFailure(log: (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "")
            }
            // Not a thread of the pool: the tests beside this one need it.
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
