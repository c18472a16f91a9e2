internal import Foundation
internal import Synchronization

/// A real redis-server of a test's own, on a socket in a folder of its own; it ends with the test, even if that crashes.
///
/// `SEMCACHE_TEST_REDIS` names another server than the one that is installed, such as one of another version or Valkey.
package final class RedisServer: Sendable {
    /// The running server: the shell that guards it, and the end of the pipe that keeps both alive.
    private struct Guardian {
        let shell: pid_t
        let input: Int32
    }

    private let guardian = Mutex<Guardian?>(nil)
    private let folder: String
    private let arguments: [String]

    /// Where the server is installed; nil if it is not.
    package static let executable =
        ProcessInfo.processInfo.environment["SEMCACHE_TEST_REDIS"]
        ?? ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/usr/bin/valkey-server"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }

    private static let client = ["/usr/bin/redis-cli", "/usr/local/bin/redis-cli", "/usr/bin/valkey-cli"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What to say of a test that needs the server.
    package static let absence = "redis-server is not installed: run scripts/setup"

    package var socket: String { folder + "/redis.sock" }
    package var url: String { "unix://" + socket }

    package init(_ arguments: [String] = []) async throws {
        folder = "/tmp/semcache-redis-" + UUID().uuidString.prefix(8)
        self.arguments = arguments
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await start()
    }

    deinit {
        // The shell ends the server and removes the folder, and nobody has to wait for that; the child is buried aside.
        guard let guardian = guardian.withLock({ $0 }) else { return }
        Self.end(guardian, "end\n")
        Thread.detachNewThread { Program.wait(for: guardian.shell) }
    }

    /// Starts the server and waits until it answers.
    package func start() async throws {
        guard let server = Self.executable else { throw StartFailure(log: Self.absence) }
        // The shell outlives neither this process nor its own standard input, and takes the server along.
        let script = """
            folder=$1; shift; "$@" >>"$folder/log" 2>&1 & server=$!; echo $server >"$folder/pid"
            read line; kill -9 $server; wait 2>/dev/null; [ "$line" = keep ] || rm -rf "$folder"
            """
        var words = ["-c", script, "sh", folder, server, "--port", "0", "--unixsocket", socket, "--dir", folder]
        words += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--maxclients", "256"]
        words += arguments
        let (reading, writing) = try Program.pipe()
        defer { close(reading) }
        do {
            let shell = try Program.start("/bin/sh", words, input: reading, output: nil)
            guardian.withLock { $0 = Guardian(shell: shell, input: writing) }
        } catch {
            close(writing)
            throw error
        }
        let isUp = await eventually {
            let reply = await cli("PING")
            return reply == "PONG" || reply.hasPrefix("NOAUTH")
        }
        guard isUp else {
            throw StartFailure(log: (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "")
        }
    }

    package struct StartFailure: Error { let log: String }

    /// Ends the server as a crash does; its folder stays for the next start.
    package func kill9() async {
        guard let guardian = guardian.withLock({ $0.take() }) else { return }
        await onOwnThread {
            Self.end(guardian, "keep\n")
            Program.wait(for: guardian.shell)
        }
    }

    private static func end(_ guardian: Guardian, _ line: String) {
        _ = line.withCString { write(guardian.input, $0, line.utf8.count) }
        close(guardian.input)
    }

    /// Makes the server deaf, as `DEBUG SLEEP` and a hung machine do, until ``thaw()``: connections stay, nothing is answered.
    package func freeze() { signal(SIGSTOP) }

    /// Lets the server go on.
    package func thaw() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        let text = (try? String(contentsOfFile: folder + "/pid", encoding: .utf8)) ?? ""
        guard let server = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), server > 0 else { return }
        kill(server, number)
    }

    /// Runs redis-cli against the server; returns what it prints, without the last line end.
    @discardableResult
    package func cli(_ arguments: String...) async -> String { await Self.cli(["-s", socket] + arguments) }

    package static func cli(_ arguments: [String]) async -> String {
        guard let client else { return "redis-cli is not installed" }
        return await Program.output(of: client, arguments)
    }
}
