internal import Foundation

/// Runs programs without holding a thread of the pool: a pool thread that waits for a process is one fewer for the replicas,
/// and on two cores there are only two.
package enum Program {
    /// Runs a program on a thread of its own; returns what it prints on both streams, without the last line end.
    package static func output(of path: String, _ arguments: [String]) async -> String {
        await onOwnThread { run(path, arguments) }
    }

    /// Held from the making of a pipe until no other program can inherit it.
    private static let spawning = NSLock()

    /// Starts a program with its own ends of pipes alone.
    ///
    /// Not `Process`, whose end is heard of through run loops: redis-cli runs for two milliseconds, and some tests call it
    /// often.
    static func start(_ path: String, _ arguments: [String], input: Int32?, output: Int32?) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
            posix_spawn_file_actions_adddup2(&actions, output, 2)
        }
        // Pipes of Foundation are inherited: a server that holds the end of another test's pipe keeps its reader waiting.
        // All that may be open, and not what is: another thread may be opening more. Those that are not are passed over.
        for descriptor in Int32(3)..<1_024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        // A thread of the pool blocks signals, and a shell without SIGCHLD waits for its children for ever.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let status = spawning.withLock { posix_spawn(&child, path, &actions, &attributes, &words, environ) }
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EINVAL) }
        return child
    }

    /// A pipe whose ends no other program inherits.
    static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let isMade = spawning.withLock {
            guard Foundation.pipe(&ends) == 0 else { return false }
            return ends.allSatisfy { fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }
        }
        guard isMade else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
        return (ends[0], ends[1])
    }

    /// Waits for the end of a child.
    static func wait(for child: pid_t) {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
    }

    private static func run(_ path: String, _ arguments: [String]) -> String {
        do {
            let (reading, writing) = try pipe()
            defer { close(reading) }
            let child: pid_t
            do {
                defer { close(writing) }
                child = try start(path, arguments, input: nil, output: writing)
            }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(reading, &buffer, buffer.count)
                if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { break }
            }
            wait(for: child)
            return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
        } catch {
            return "\(error)"
        }
    }
}
