import Foundation
import FoundationNetworking
import Synchronization
import Testing

/// `semcache serve` in a process of its own, on ports that were free.
struct ServerProcess: Sendable {
    let process: Process
    /// The proxy's port.
    let port: Int
    /// The admin API's.
    let adminPort: Int
    /// What it said until it listened.
    let firstLines: [String]
    /// What it logs; the logging library has it go to standard output or error, so both are read as one.
    private let lines: AsyncStream<String>

    private struct Ended: Error {
        let awaiting: String
    }

    /// Runs a server over the cache of a folder, without a model and in front of an upstream that nobody asks.
    @discardableResult
    static func run(
        over folder: Folder,
        _ arguments: [String] = [],
        _ body: (ServerProcess) async throws -> Void
    ) async throws -> Int32 {
        let idle = ["--upstream", "http://127.0.0.1:9/v1", "--port", "0", "--admin-port", "0", "--exact"]
        return try await run(idle + ["--data", folder.cache] + arguments, body)
    }

    /// Runs a server until the body is done with it, asks it to stop, and returns the code that it ends with.
    ///
    /// - Parameter arguments: What stands behind `serve`.
    @discardableResult
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        _ body: (ServerProcess) async throws -> Void
    ) async throws -> Int32 {
        let (process, _, output, error) = try Tool.start(["serve"] + arguments, environment: environment)
        var failure: (any Error)?
        do { try await use(process, lines(of: [output, error]), body) } catch { failure = error }
        process.terminate()
        await Tool.waitForEnd(of: process)
        if let failure { throw failure }
        return process.terminationStatus
    }

    /// Calls the body when a server listens.
    private static func use(
        _ process: Process,
        _ lines: AsyncStream<String>,
        _ body: (ServerProcess) async throws -> Void
    ) async throws {
        var firstLines: [String] = []
        for await line in lines {
            firstLines.append(line)
            if line.contains("admin on") { break }
        }
        guard let told = firstLines.last, told.contains("admin on") else { throw Ended(awaiting: "admin on") }
        let ports = try #require(
            told.firstMatch(of: #/listening on 127\.0\.0\.1:([0-9]+), admin on [^\n]*:([0-9]+)/#),
            "\(told)"
        )
        let server = ServerProcess(
            process: process,
            port: try #require(Int(ports.1)),
            adminPort: try #require(Int(ports.2)),
            firstLines: firstLines,
            lines: lines
        )
        try await body(server)
    }

    /// Waits for a line with that text; those before it are gone.
    func line(with text: String) async throws -> String { try await Self.line(with: text, in: lines) }

    /// Asks the server to load its configuration anew.
    func hangUp() { kill(process.processIdentifier, SIGHUP) }

    /// Sends a request; the status and the bytes of its answer.
    func send(
        _ method: String,
        _ path: String,
        body: String? = nil,
        key: String? = nil,
        toAdmin: Bool = false
    ) async throws -> (status: Int, body: Data) {
        let url = try #require(URL(string: "http://127.0.0.1:\(toAdmin ? adminPort : port)\(path)"))
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        if body != nil { request.setValue("application/json", forHTTPHeaderField: "content-type") }
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        return (try #require(response as? HTTPURLResponse).statusCode, data)
    }

    private static func line(with text: String, in lines: AsyncStream<String>) async throws -> String {
        for await line in lines where line.contains(text) { return line }
        throw Ended(awaiting: text)
    }

    /// The lines of several pipes as they come; each is read once, by whoever waits.
    private static func lines(of pipes: [Pipe]) -> AsyncStream<String> {
        let (stream, lines) = AsyncStream.makeStream(of: String.self)
        let open = OpenPipes(count: pipes.count)
        for pipe in pipes {
            Thread.detachNewThread {
                var rest = Data()
                while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                    rest += data
                    while let end = rest.firstIndex(of: 0x0A) {
                        lines.yield(String(decoding: rest[..<end], as: UTF8.self))
                        rest = Data(rest[(end + 1)...])
                    }
                }
                if open.closeOne() { lines.finish() }
            }
        }
        return stream
    }
}

/// Counts down the pipes that are still open.
private final class OpenPipes: Sendable {
    private let count: Atomic<Int>

    init(count: Int) { self.count = Atomic(count) }

    /// Whether that was the last one.
    func closeOne() -> Bool { count.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}
