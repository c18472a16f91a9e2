/// Decides what an ``AutoIndex`` does next; pure, so that it can be tested without an index.
package struct AutoIndexPolicy: Hashable, Sendable {
    /// What to do.
    package enum Action: Hashable, Sendable {
        /// Nothing: the shape fits.
        case rest
        /// Start a graph and move the flat entries into it.
        case build
        /// Move the waiting entries into the graph.
        case merge
        /// Move everything back to the flat segment and drop the graph.
        case dissolve
    }

    let graphThreshold: Int
    let flatThreshold: Int
    let mergeThreshold: Int

    package init(configuration: AutoIndexConfiguration, dimension: Int) {
        let crossover = AutoIndexConfiguration.measuredCrossover(dimension: dimension)
        graphThreshold = Swift.max(1, configuration.graphThreshold ?? 2 * crossover)
        flatThreshold = Int(Double(graphThreshold) * Swift.min(Swift.max(configuration.hysteresis, 0), 1))
        mergeThreshold = Swift.max(1, configuration.mergeThreshold)
    }

    /// - Parameters:
    ///   - waiting: entries in the flat segment.
    ///   - total: entries altogether.
    ///   - hasGraph: whether there is a graph.
    package func action(waiting: Int, total: Int, hasGraph: Bool) -> Action {
        if hasGraph {
            if total < flatThreshold { return .dissolve }
            return waiting >= mergeThreshold ? .merge : .rest
        }
        return total >= graphThreshold ? .build : .rest
    }
}
