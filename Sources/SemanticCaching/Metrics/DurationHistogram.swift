/// How long something took, counted in buckets with fixed upper bounds.
public struct DurationHistogram: Hashable, Sendable {
    /// The upper bounds in seconds, ascending; one more bucket takes what is above the last.
    public static let bounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    /// The count of each bucket.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// The seconds of all together.
    public private(set) var sum = 0.0

    /// Creates a histogram of nothing.
    public init() {}

    /// Counts a duration.
    mutating func observe(_ duration: Duration) {
        let seconds = duration.inSeconds
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
    }
}
