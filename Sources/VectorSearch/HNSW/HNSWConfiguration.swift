/// How an ``HNSWIndex`` is built and searched.
///
///     var configuration = HNSWConfiguration()
///     configuration.searchEffort = 96
///     let index = HNSWIndex(dimension: 384, configuration: configuration)
///
/// The names in parentheses are those of the paper: Malkov and Yashunin, arXiv 1603.09320.
public struct HNSWConfiguration: Hashable, Sendable {
    /// Where the float32 rows live that the last step of a search compares exactly.
    public enum VectorStorage: Hashable, Sendable {
        /// In memory.
        case memory
        /// In an unnamed file in this directory, mapped: the system may drop pages that searches do not touch.
        ///
        /// When the file cannot be made or cannot grow, rows go to memory instead.
        case temporaryFile(directory: String)
    }

    /// Links of a node per upper level (`M`), a multiple of 8 in 8...32; the lowest level holds twice as many.
    public var maximumDegree = 24
    /// Candidates in view while an entry looks for its neighbours (`efConstruction`).
    public var constructionEffort = 80
    /// Candidates in view during a search that does not say (`efSearch`).
    public var searchEffort = 64
    /// Seeds the random levels and signs: the same insertions give the same graph.
    public var seed: UInt64 = 0x5EED
    /// Where the float32 rows live.
    public var vectorStorage = VectorStorage.memory

    /// Creates the default configuration.
    public init() {}
}
