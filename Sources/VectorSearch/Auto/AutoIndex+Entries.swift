internal import Synchronization

extension AutoIndex {
    /// The entries, those of the graph first.
    ///
    /// - Complexity: O(*n* log *n*); insertions and removals wait meanwhile.
    package func ids() -> [UInt64] {
        membership.withLock { _ in
            let current = segments.withLock { $0 }
            let flat = current.flat.idsInOrder()
            // What just moves is in both segments, or in the graph although it was removed.
            let settled = (current.graph?.idsInOrder() ?? []).filter {
                !current.hidden.contains($0) && !current.flat.contains(id: $0)
            }
            return settled + flat
        }
    }
}
