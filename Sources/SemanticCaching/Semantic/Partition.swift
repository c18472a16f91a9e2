internal import Synchronization
internal import VectorSearch

/// The questions that may be compared with each other in meaning: one scope, one context, one embedding model.
///
/// Its index is made with its first question, so that a partition without any costs next to nothing. A partition whose
/// last question went is retired: it takes no more, and its table makes another one when it is needed.
package final class Partition: Sendable {
    private struct State {
        var index: (any VectorIndex)?
        var isRetired = false
    }

    let namespace: NamespaceID
    private let makeIndex: @Sendable (NamespaceID) -> any VectorIndex
    private let state = Mutex(State())

    init(
        namespace: NamespaceID,
        index: (any VectorIndex)? = nil,
        makeIndex: @escaping @Sendable (NamespaceID) -> any VectorIndex
    ) {
        self.namespace = namespace
        self.makeIndex = makeIndex
        if let index { state.withLock { $0.index = index } }
    }

    /// Whether the index can be kept as bytes.
    var hasSnapshot: Bool { index is AutoIndex }

    /// The bytes of the index, in pieces that follow each other; none if it has none.
    func snapshotPieces() -> [[UInt8]] { (index as? AutoIndex)?.snapshotPieces() ?? [] }

    /// The questions of the index; none if its kind cannot tell.
    func ids() -> [UInt64] { (index as? AutoIndex)?.ids() ?? [] }

    func contains(id: UInt64) -> Bool { index?.contains(id: id) ?? false }

    /// Lets no more questions in: whoever just wants to add one finds the partition that took this one's place.
    func retire() { state.withLock { $0.isRetired = true } }

    var count: Int { index?.count ?? 0 }

    var byteCount: Int { index?.memoryUse.total ?? 0 }

    /// Adds a question; false if the partition is retired.
    func insert(_ vector: [Float], id: UInt64) throws(VectorIndexError) -> Bool {
        let usable: (any VectorIndex)? = state.withLock { state in
            guard !state.isRetired else { return nil }
            if let index = state.index { return index }
            let index = makeIndex(namespace)
            state.index = index
            return index
        }
        guard let usable else { return false }
        try usable.insert(vector, id: id)
        // It may have been retired between the two steps: then the question is not found, and the caller tries again.
        return !state.withLock(\.isRetired)
    }

    /// Removes a question; true if that was the last one and the partition is retired now.
    func remove(id: UInt64) -> Bool {
        index?.remove(id: id)
        return state.withLock { state in
            guard state.index?.count ?? 0 == 0 else { return false }
            state.isRetired = true
            return true
        }
    }

    /// The questions nearest to a unit vector, most similar first.
    ///
    /// - Complexity: that of the index; the lock is held only to find it.
    func search(_ vector: [Float], count: Int, minimumSimilarity: Float) throws(VectorIndexError) -> [Neighbor] {
        guard let index else { return [] }
        return try index.search(vector, count: count, options: SearchOptions(minimumSimilarity: minimumSimilarity))
    }

    private var index: (any VectorIndex)? { state.withLock(\.index) }
}
