internal import SemanticCaching
internal import Synchronization

/// Counts commands by name: how many, how they ended, how long they took.
final class CommandMetrics: Sendable {
    private let counts = Mutex<[String: SharedTierStatistics.Command]>([:])

    func record(_ name: String, count: Int = 1, took nanoseconds: Int64, error: RedisError?) {
        counts.withLock { counts in
            counts[name, default: SharedTierStatistics.Command()].add(count, nanoseconds, error)
        }
    }

    var snapshot: [String: SharedTierStatistics.Command] { counts.withLock { $0 } }
}

extension SharedTierStatistics.Command {
    fileprivate mutating func add(_ count: Int, _ nanoseconds: Int64, _ error: RedisError?) {
        calls += count
        switch error {
        case nil: break
        case .timeout: timeouts += 1
        case .unavailable: unavailable += 1
        case .server, .unexpectedReply, .invalidURL: errors += 1
        }
        let seconds = Double(nanoseconds) * 1e-9
        self.seconds += seconds
        maximumSeconds = max(maximumSeconds, seconds)
    }
}
