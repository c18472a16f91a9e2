/// When an ``AutoIndex`` changes its shape.
public struct AutoIndexConfiguration: Hashable, Sendable {
    /// Entries from which on a graph is kept; `nil` for twice the measured crossover of the dimension.
    ///
    /// Twice, because up to there the scan costs less than twice the walk, and it is exact, smaller and cheaper to change.
    public var graphThreshold: Int?
    /// The share of ``graphThreshold`` below which the graph is given up again.
    ///
    /// The gap keeps an index that hovers around the threshold from building and dropping graphs all day.
    public var hysteresis = 0.5
    /// New entries that wait beside the graph before they are merged into it.
    public var mergeThreshold = 512
    /// Whether building and merging happen by themselves on a background task.
    ///
    /// Without it they happen in ``AutoIndex/merge(threads:)`` only, which makes an index deterministic.
    public var mergesInBackground = true
    /// The graph.
    public var graph = HNSWConfiguration()

    /// Creates the default configuration.
    public init() {}

    /// Entries at which a search of the graph becomes cheaper than looking at every int8 code.
    ///
    /// A scan reads n · d bytes of codes; a walk reads a few hundred nodes, nearly whatever n is. Measured at 384, 768 and
    /// 1536 components the two meet at about 2 MB of codes: 5,000, 3,000 and 1,200 entries (docs/performance/index.md).
    static func measuredCrossover(dimension: Int) -> Int {
        2_000_000 / dimension
    }
}
