/// Why an index refuses a vector or a snapshot.
public enum VectorIndexError: Error, Hashable, Sendable {
    /// A vector has another number of components than the index.
    case dimensionMismatch(expected: Int, actual: Int)
    /// A component is NaN or infinite.
    case notFinite
    /// All components are zero: there is no direction to compare.
    case zeroVector
    /// An entry with this id is present.
    case duplicateID(UInt64)
    /// Snapshot bytes are damaged, truncated or of an unknown version.
    case corruptSnapshot(String)
    /// No projection could be fitted on the entries.
    case projectionFailed(String)
}

extension VectorIndexError: CustomStringConvertible {
    /// One line that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .dimensionMismatch(let expected, let actual):
            "vector has \(actual) components where the index has \(expected): use the embedding model of this index"
        case .notFinite:
            "vector has a component that is not a finite number: the embedder is at fault, try it again"
        case .zeroVector:
            "vector is zero and has no direction: embed a text that is not empty"
        case .duplicateID(let id):
            "entry \(id) is already in the index: remove it first to replace its vector"
        case .corruptSnapshot(let reason):
            "index snapshot cannot be used (\(reason)): rebuild the index from the store"
        case .projectionFailed(let reason):
            "no projection could be fitted (\(reason)): search without one, or fit it when there are entries"
        }
    }
}
