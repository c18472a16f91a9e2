import ArgumentParser
import Foundation
import Logging
import RedisTier

/// Which server replicas share.
struct RedisOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The Redis or Valkey server that replicas share. [default: $SEMCACHE_REDIS_URL]",
            valueName: "url"
        )
    )
    var redis: String?

    private var text: String { redis ?? ProcessInfo.processInfo.environment["SEMCACHE_REDIS_URL"] ?? "" }

    /// Whether a server is given.
    var isGiven: Bool { !text.isEmpty }

    /// The server's address.
    ///
    /// - Throws: `UsageError` if none is given, or it cannot be used.
    var url: RedisURL {
        get throws {
            guard !text.isEmpty else {
                throw UsageError(message: "give the server with --redis, or in $SEMCACHE_REDIS_URL")
            }
            do { return try RedisURL(text) } catch { throw UsageError(message: "--redis: \(error)") }
        }
    }

    /// One line: which server, what is wrong, and what to do.
    private static func message(_ error: RedisError, _ url: RedisURL) -> String {
        // Most reasons begin with the place.
        var reason = error.reason.hasPrefix("\(url.endpoint)") ? error.reason : "\(url): \(error.reason)"
        if reason.hasSuffix(".") { reason.removeLast() }
        return "the shared tier cannot be used: " + reason + (error.advice(for: url).map { "; " + $0 } ?? "")
    }

    /// Connects, runs the work, and closes the connections, whatever came of the work.
    func withTier<Result>(_ work: (RedisSharedTier) async throws -> Result) async throws -> Result {
        let url = try url
        // What a log would say, the error says too, and a person reads only one of them.
        let tier = RedisSharedTier(
            RedisTierConfiguration(url: url),
            logger: Logger(label: "semcache") { _ in SwiftLogNoOpLogHandler() }
        )
        defer { tier.close() }
        await tier.start()
        do { return try await work(tier) } catch let error as RedisError {
            throw UnavailableError(message: Self.message(error, url))
        }
    }
}
