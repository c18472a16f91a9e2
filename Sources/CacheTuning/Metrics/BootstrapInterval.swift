internal import SemanticCaching

/// A percentile interval by resampling (Efron 1979).
///
/// Where all values are 0 or all are 1, every sample is the same and would claim certainty: there the interval is the exact
/// one of Clopper and Pearson.
public struct BootstrapInterval: Hashable, Sendable {
    /// The value on the data itself.
    public let estimate: Double
    /// The lower end of the middle 95 %.
    public let lower: Double
    /// The upper end.
    public let upper: Double

    /// The interval of a mean of values between 0 and 1, such as hits or errors per request.
    ///
    /// Requests of a stream depend on each other through the cache: blocks of `blockLength` are drawn together.
    ///
    /// - Complexity: O(*samples* · *n*).
    public init(meanOf values: [Double], samples: Int = 500, blockLength: Int = 50, seed: UInt64 = 1) {
        let count = values.count
        estimate = count == 0 ? 0 : values.reduce(0, +) / Double(count)
        if let exact = Self.exact(values, trials: count) {
            (lower, upper) = exact
            return
        }
        let length = max(1, min(blockLength, count / 4))
        let blocks = (count + length - 1) / length
        var prefix = [0.0]
        for value in values + values[..<length] { prefix.append(prefix[prefix.count - 1] + value) }
        var generator = SplitMix64(seed: seed)
        let means = (0..<samples).map { _ in
            let sum = (0..<blocks).reduce(0.0) { sum, _ in
                let start = Int.random(in: 0..<count, using: &generator)
                return sum + prefix[start + length] - prefix[start]
            }
            return sum / Double(blocks * length)
        }
        (lower, upper) = Self.middle(of: means)
    }

    /// The interval of a mean of values between 0 and 1 that come in groups, such as pairs that share a question.
    ///
    /// Values of a group are alike, so that a group is drawn as a whole and counts as one trial.
    ///
    /// - Parameter groups: for each value the group that it belongs to.
    /// - Complexity: O(*samples* · *g*) for *g* groups.
    public init(meanOf values: [Double], groups: [Int], samples: Int = 500, seed: UInt64 = 1) {
        precondition(groups.count == values.count, "each value belongs to a group")
        estimate = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        var places: [Int: Int] = [:]
        var parts: [(sum: Double, count: Double)] = []
        for (value, group) in zip(values, groups) {
            let next = places.count
            let place = places[group, default: next]
            places[group] = place
            if place == next { parts.append((0, 0)) }
            parts[place].sum += value
            parts[place].count += 1
        }
        if let exact = Self.exact(values, trials: parts.count) {
            (lower, upper) = exact
            return
        }
        var generator = SplitMix64(seed: seed)
        let means = (0..<samples).map { _ in
            var (sum, count) = (0.0, 0.0)
            for _ in parts.indices {
                let part = parts[Int.random(in: parts.indices, using: &generator)]
                sum += part.sum
                count += part.count
            }
            return sum / count
        }
        (lower, upper) = Self.middle(of: means)
    }

    /// The interval where there is nothing to resample: equal values, or a single trial.
    private static func exact(_ values: [Double], trials: Int) -> (lower: Double, upper: Double)? {
        guard let first = values.first else { return (0, 1) }
        let areEqual = values.allSatisfy { $0 == first }
        if areEqual, first == 0 || first == 1 {
            return ClopperPearson.interval(errors: first == 1 ? trials : 0, count: trials)
        }
        if areEqual { return (first, first) }
        return trials > 1 ? nil : (0, 1)
    }

    private static func middle(of means: [Double]) -> (lower: Double, upper: Double) {
        let sorted = means.sorted()
        return (sorted[sorted.count / 40], sorted[sorted.count - 1 - sorted.count / 40])
    }
}
