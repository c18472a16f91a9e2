/// When an ``AutoIndex`` changes its shape.
public struct AutoIndexConfiguration: Hashable, Sendable {
    /// Entries from which on a graph is kept; `nil` for the measured crossover of the dimension.
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
    /// A scan costs about n · d bytes; a walk costs a few hundred nodes of d / 2 bytes wherever they are, nearly
    /// independent of n. Measured in docs/performance/index.md.
    static func measuredCrossover(dimension: Int) -> Int {
        dimension <= 512 ? 10_000 : 8_000
    }
}
