internal import SemanticCaching

/// Counts observations in buckets with fixed upper bounds, as Prometheus does.
struct Histogram: Sendable {
    /// The upper bounds, ascending; one more bucket takes what is above the last.
    let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// Takes over what the engine counted.
    init(_ durations: DurationHistogram) {
        bounds = DurationHistogram.bounds
        counts = durations.counts
        sum = durations.sum
    }

    /// The number of observations.
    var count: Int { counts.reduce(0, +) }

    mutating func observe(_ value: Double) {
        guard value.isFinite else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts[index] += 1
        sum += value
    }

    /// An estimate of the value below which the share of observations lies; nil without observations.
    func quantile(_ share: Double) -> Double? {
        let total = count
        guard total > 0 else { return nil }
        let rank = share * Double(total)
        var below = 0
        for (index, count) in counts.enumerated() {
            if Double(below + count) >= rank, count > 0 {
                guard index < bounds.count else { return bounds.last }
                let lower = index == 0 ? 0 : bounds[index - 1]
                return lower + (bounds[index] - lower) * (rank - Double(below)) / Double(count)
            }
            below += count
        }
        return bounds.last
    }

    static let seconds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    static let similarity: [Double] = (1...20).map { Double($0) / 20 }
}
