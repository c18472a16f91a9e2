/// A percentile interval by resampling (Efron 1979).
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
        guard count > 1 else {
            lower = estimate
            upper = estimate
            return
        }
        let length = max(1, min(blockLength, count / 4))
        let blocks = (count + length - 1) / length
        var prefix = [0.0]
        for value in values + values[..<length] { prefix.append(prefix[prefix.count - 1] + value) }
        var generator = SeededGenerator(seed: seed)
        let means = (0..<samples).map { _ in
            let sum = (0..<blocks).reduce(0.0) { sum, _ in
                let start = Int.random(in: 0..<count, using: &generator)
                return sum + prefix[start + length] - prefix[start]
            }
            return sum / Double(blocks * length)
        }.sorted()
        lower = means[samples / 40]
        upper = means[samples - 1 - samples / 40]
    }
}
