import ArgumentParser
import Glibc
import RedisTier

/// Measures the shared tier against a server that is running already; docs/performance/redis.md has the figures.
///
///     redis-server --port 0 --unixsocket /tmp/bench.sock --save '' --daemonize yes
///     swift run -c release RedisBenchmarks unix:///tmp/bench.sock 100000 lookups hydration
///     redis-cli -s /tmp/bench.sock shutdown nosave
///
/// It writes under a prefix of its own and leaves its answers to the server's end.
@main
struct RedisBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "RedisBenchmarks",
        abstract: "Measures the shared tier on a Redis or Valkey server that is running already."
    )

    /// What can be measured, once the answers are there.
    enum Part: String, ExpressibleByArgument, CaseIterable, Sendable {
        case lookups, hydration, invalidation, following
    }

    @Argument(help: "The server, as unix:///tmp/bench.sock or redis://127.0.0.1:6379.")
    var address: String

    @Argument(help: "Answers to publish.")
    var answers = 50_000

    @Argument(help: "What to measure; all of it without.")
    var parts: [Part] = []

    func validate() throws {
        guard answers > 0 else { throw ValidationError("the number of answers must be above 0") }
        guard !address.contains("?") else {
            throw ValidationError("give the URL without what stands behind ?: the run has a prefix of its own")
        }
        do { _ = try url } catch { throw ValidationError("\(error)") }
    }

    private var url: RedisURL {
        get throws(RedisError) { try RedisURL(address + "?prefix=bench\(getpid())") }
    }

    func run() async throws {
        let (url, answers) = (try url, answers)
        let wanted = parts.isEmpty ? Part.allCases : parts
        // On the pool, as lookups of a server are: the main thread's queue wakes later.
        try await Task.detached {
            let session = BenchmarkSession(url: url, count: answers)
            try await session.fill()
            for part in Part.allCases where wanted.contains(part) {
                switch part {
                case .lookups: try await session.lookUp()
                case .hydration: try await session.hydrate()
                case .invalidation: try await session.invalidate()
                case .following: try await session.follow()
                }
            }
            session.close()
        }.value
    }
}
