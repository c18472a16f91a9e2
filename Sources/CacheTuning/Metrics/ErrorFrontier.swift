/// The hit rates that a policy reaches at given error rates, over the settings it was run with.
public struct ErrorFrontier: Hashable, Sendable {
    /// The runs, as error and hit rate.
    public private(set) var points: [(error: Double, hit: Double)]

    /// Creates the frontier of runs.
    public init(_ results: some Sequence<ReplayResult>) { points = results.map { ($0.errorRate, $0.hitRate) } }

    /// Creates the frontier of points.
    public init(points: [(error: Double, hit: Double)]) { self.points = points }

    /// The best hit rate at an error rate of at most `error`: the best run within it, then linearly towards the next run beyond it.
    public func hitRate(atError error: Double) -> Double {
        guard let inside = points.filter({ $0.error <= error }).max(by: { $0.hit < $1.hit }) else { return 0 }
        guard let outside = points.filter({ $0.error > error }).min(by: { ($0.error, $0.hit) < ($1.error, $1.hit) }),
            outside.hit > inside.hit
        else { return inside.hit }
        return inside.hit + (outside.hit - inside.hit) * (error - inside.error) / (outside.error - inside.error)
    }

    /// Whether two frontiers have the same points.
    public static func == (left: ErrorFrontier, right: ErrorFrontier) -> Bool {
        left.points.elementsEqual(right.points) { $0 == $1 }
    }

    /// Hashes the points.
    public func hash(into hasher: inout Hasher) {
        for point in points {
            hasher.combine(point.error)
            hasher.combine(point.hit)
        }
    }
}
