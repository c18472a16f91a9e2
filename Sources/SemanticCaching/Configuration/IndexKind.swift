/// How the questions of a namespace are searched.
public enum IndexKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// A scan while there are few, a graph when there are many.
    case automatic
    /// A scan, exact at every size: its cost grows with the namespace.
    case flat
    /// A graph from the first question on: approximate, its cost grows with the logarithm of the namespace.
    case hnsw
}
