internal import SemanticCaching

/// In which order a stream's requests are played, and when each of them arrives.
///
///     let schedule = try ReplaySchedule(queries, order: .time)
///     schedule.rows[0]  // the row of the request that came first
public struct ReplaySchedule: Hashable, Sendable {
    /// What the order goes by.
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// As the rows stand in the file.
        case given
        /// Shuffled, by a seed.
        case random
        /// By their times.
        case time
    }

    /// What the order goes by.
    public let order: Order
    /// The rows, in the order in which they are played.
    public let rows: [Int]
    /// When each of these is played, in seconds after the first; never falling.
    public let arrivals: [Double]
    /// Whether the arrivals are those of the data, and not evenly spaced for want of times.
    public let hasTimes: Bool

    /// Plans a replay.
    ///
    /// Requests that are not played in the order of their times arrive at the moments of the data all the same: the
    /// stream keeps its rush hours, and only who comes when differs.
    /// - Parameters:
    ///   - order: What the order goes by; by default time if every row has one, else random.
    ///   - seed: Shuffles the random order.
    ///   - interval: Seconds between two requests of a stream without times.
    /// - Throws: ``TuningError/missingTimes(rows:)``.
    /// - Complexity: O(*n* log *n*).
    public init(
        _ queries: [StreamQuery],
        order: Order? = nil,
        seed: UInt64 = 0,
        interval: Double = 1
    ) throws(TuningError) {
        precondition(interval >= 0, "time does not run backwards")
        let times = queries.compactMap(\.time)
        hasTimes = times.count == queries.count
        self.order = order ?? (hasTimes ? .time : .random)
        switch self.order {
        case .given: rows = Array(queries.indices)
        case .random:
            var generator = SplitMix64(seed: seed)
            rows = queries.indices.shuffled(using: &generator)
        case .time:
            guard hasTimes else { throw .missingTimes(rows: queries.count - times.count) }
            rows = queries.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        }
        if hasTimes {
            let sorted = times.sorted()
            arrivals = sorted.map { $0 - (sorted.first ?? 0) }
        } else {
            arrivals = queries.indices.map { Double($0) * interval }
        }
    }
}
