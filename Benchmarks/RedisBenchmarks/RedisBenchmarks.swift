import CHiredis
import Embeddings
import Glibc
import Logging
import RedisTier
import SemanticCaching
import SemanticCachingTesting

/// Measures the shared tier against a server that is running already; docs/performance/redis.md has the figures.
///
///     redis-server --port 0 --unixsocket /tmp/bench.sock --save '' --daemonize yes
///     swift run -c release RedisBenchmarks unix:///tmp/bench.sock 100000 [lookups] [hydration] [invalidation] [following]
///     redis-cli -s /tmp/bench.sock shutdown nosave
///
/// It writes under a prefix of its own and leaves its answers to the server's end.
@main
struct RedisBenchmarks {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let address = arguments.first, let count = Int(arguments.dropFirst().first ?? "50000") else {
            print("usage: RedisBenchmarks URL [answers] [lookups] [hydration] [invalidation] [following]")
            return
        }
        let wanted = Set(arguments.dropFirst(2))
        let url = try RedisURL(address + "?prefix=bench\(getpid())")
        // On the pool, as lookups of a server are: the main thread's queue wakes later.
        try await Task.detached {
            let session = BenchmarkSession(url: url, address: address, count: count)
            try await session.fill()
            if wanted.isEmpty || wanted.contains("lookups") { try await session.lookUp() }
            if wanted.isEmpty || wanted.contains("hydration") { try await session.hydrate() }
            if wanted.isEmpty || wanted.contains("invalidation") { try await session.invalidate() }
            if wanted.isEmpty || wanted.contains("following") { try await session.follow() }
            session.close()
        }.value
    }
}
