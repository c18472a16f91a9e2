import Foundation
import Testing

/// A real redis-server of a test's own, on a socket in a folder of its own; it ends with the test, even if that crashes.
final class RedisServer: @unchecked Sendable {
    // Sendable: everything but `process` and `input` is constant, and those are touched under the lock.
    private let lock = NSLock()
    private var process: Process?
    private var input: Pipe?
    let folder: String
    let arguments: [String]

    /// Where the server is installed; nil if it is not.
    static let executable = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/usr/bin/valkey-server"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// What to say of a test that needs the server.
    static let absence: Comment = "redis-server is not installed: run scripts/setup"

    var socket: String { folder + "/redis.sock" }
    var url: String { "unix://" + socket }

    init(_ arguments: [String] = []) throws {
        folder = "/tmp/semcache-redis-" + UUID().uuidString.prefix(8)
        self.arguments = arguments
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try start()
    }

    deinit {
        kill9()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts the server and waits until it answers.
    func start() throws {
        let server = try #require(Self.executable)
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The shell outlives neither this process nor its own standard input, and takes the server along.
        let script = "\"$@\" >>\(folder)/log 2>&1 & server=$!; echo $server >\(folder)/pid; read line; kill -9 $server"
        process.arguments = ["-c", script, "sh", server, "--port", "0", "--unixsocket", socket, "--dir", folder]
        process.arguments? += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--maxclients", "256"]
        process.arguments? += ["--enable-debug-command", "yes"] + arguments
        process.standardInput = input
        try process.run()
        lock.withLock {
            self.process = process
            self.input = input
        }
        let deadline = Date(timeIntervalSinceNow: 60)
        while cli("PING") != "PONG" {
            guard Date() < deadline else {
                let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
                throw StartFailure(log: log)
            }
            usleep(5_000)
        }
    }

    struct StartFailure: Error { let log: String }

    /// Ends the server as a crash does.
    func kill9() {
        lock.withLock {
            try? input?.fileHandleForWriting.close()
            process?.waitUntilExit()
            process = nil
            input = nil
        }
    }

    /// Runs redis-cli against the server; returns what it prints, without the last line end.
    @discardableResult
    func cli(_ arguments: String...) -> String { Self.cli(["-s", socket] + arguments) }

    /// Makes the server deaf for some seconds, and returns at once.
    func sleep(seconds: Int) {
        // Not on the pool that the replicas run on.
        Thread.detachNewThread { [self] in cli("DEBUG", "SLEEP", String(seconds)) }
    }

    static func cli(_ arguments: [String]) -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-cli")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return "\(error)" }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

/// Waits until a condition holds; false if it does not within the time.
func eventually(_ limit: Duration = .seconds(60), _ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= end { return false }
        // A test that is over its time is cancelled, and must not spin here until the limit of the wait.
        do { try await Task.sleep(for: .milliseconds(5)) } catch { return false }
    }
}
