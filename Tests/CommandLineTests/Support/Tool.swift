import Foundation
import TestSupport
import Testing

/// Runs the built program as a user would: arguments, standard input, environment; output, error and exit code back.
struct Tool {
    /// What a run came to.
    struct Run {
        let output: String
        let error: String
        let code: Int32

        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// The one JSON object that the run printed.
        func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(value as? [String: Any], sourceLocation: sourceLocation)
        }
    }

    /// The program, beside the test program in the build folder unless $SEMCACHE_BINARY names another.
    static var path: String {
        if let path = ProcessInfo.processInfo.environment["SEMCACHE_BINARY"] { return path }
        return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/semcache"
    }

    /// Whether the default model is on this machine.
    static var hasModel: Bool {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/root"
        return FileManager.default.fileExists(
            atPath: home + "/.cache/semcache/models/all-MiniLM-L6-v2/model.safetensors"
        )
    }

    /// Starts the program; the caller waits for it.
    static func start(
        _ arguments: [String],
        environment: [String: String] = [:],
        program: String = Tool.path
    ) throws -> (process: Process, input: Pipe, output: Pipe, error: Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        var all = ProcessInfo.processInfo.environment
        for name in [
            "SEMCACHE_DATA", "SEMCACHE_KEY", "SEMCACHE_MODEL", "SEMCACHE_CONFIG", "SEMCACHE_REDIS_URL",
        ] { all[name] = nil }
        all.merge(environment) { $1 }
        // The width that help is wrapped to.
        all["COLUMNS"] = "80"
        process.environment = all
        let (input, output, error) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = error
        try process.run()
        return (process, input, output, error)
    }

    /// Runs the program to its end.
    @discardableResult
    static func run(_ arguments: String..., input: String = "") async throws -> Run {
        try await run(arguments, input: input)
    }

    /// Runs the program to its end.
    @discardableResult
    static func run(
        _ arguments: [String],
        input text: String = "",
        environment: [String: String] = [:],
        program: String = Tool.path
    ) async throws -> Run {
        let (process, input, output, error) = try start(arguments, environment: environment, program: program)
        // A program that does not read its input must not end this one.
        signal(SIGPIPE, SIG_IGN)
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        async let errors = everything(in: error)
        let outputs = await everything(in: output)
        let faults = await errors
        await waitForEnd(of: process)
        return Run(
            output: String(decoding: outputs, as: UTF8.self),
            error: String(decoding: faults, as: UTF8.self),
            code: process.terminationStatus
        )
    }

    /// Waits for the end of a program.
    static func waitForEnd(of process: Process) async { await onOwnThread { process.waitUntilExit() } }

    /// Everything that comes out of a pipe, to its end.
    static func everything(in pipe: Pipe) async -> Data {
        await onOwnThread { pipe.fileHandleForReading.readDataToEndOfFile() }
    }
}

extension Tool {
    /// Runs the program so that its files cannot grow beyond a number of KiB, as on a full disk.
    static func run(_ arguments: [String], fileLimit kibibytes: Int) async throws -> Run {
        try await run(
            ["-c", "ulimit -f \(kibibytes) && exec \"$0\" \"$@\"", path] + arguments,
            program: "/bin/bash"
        )
    }

    /// Whether a test can take away the right to write everywhere that the superuser has.
    static var canObeyPermissions: Bool {
        geteuid() != 0 || FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
    }

    /// Runs the program so that permissions of files bind it, whoever runs the tests.
    static func runObeyingPermissions(_ arguments: [String]) async throws -> Run {
        guard geteuid() == 0 else { return try await run(arguments) }
        return try await run(
            ["--bounding-set", "-dac_override,-dac_read_search", path] + arguments,
            program: "/usr/bin/setpriv"
        )
    }
}
