internal import Synchronization
package import VectorSearch

/// All partitions, by the digest of what their questions have in common.
package final class PartitionTable: Sendable {
    private let partitions = Mutex<[Digest256: Partition]>([:])
    private let makeIndex: @Sendable (NamespaceID) -> any VectorIndex

    /// Creates a table without partitions.
    package init(makeIndex: @escaping @Sendable (NamespaceID) -> any VectorIndex) { self.makeIndex = makeIndex }

    subscript(digest: Digest256) -> Partition? { partitions.withLock { $0[digest] } }

    /// Adds a question to the partition of that digest; it is made if there is none.
    ///
    /// - Complexity: that of an insertion into the partition's index.
    func insert(_ vector: [Float], id: UInt64, into digest: Digest256, namespace: NamespaceID) throws(VectorIndexError)
    {
        while true {
            let partition = partitions.withLock { partitions in
                if let partition = partitions[digest] { return partition }
                let partition = Partition(namespace: namespace, makeIndex: makeIndex)
                partitions[digest] = partition
                return partition
            }
            if try partition.insert(vector, id: id) { return }
            discard(partition, digest)
        }
    }

    /// Removes a question from the partition of that digest.
    func remove(id: UInt64, from digest: Digest256) {
        guard let partition = self[digest], partition.remove(id: id) else { return }
        discard(partition, digest)
    }

    /// All partitions of a namespace.
    ///
    /// - Complexity: O(*p*) for *p* partitions of the process: for maintenance, not for lookups.
    func partitions(of namespace: NamespaceID) -> [Partition] {
        partitions.withLock { $0.values.filter { $0.namespace == namespace } }
    }

    /// The number of partitions and of questions that can be found, and the bytes of their indexes.
    var usage: (partitions: Int, questions: Int, bytes: Int) {
        let all = partitions.withLock { Array($0.values) }
        return (all.count, all.reduce(0) { $0 + $1.count }, all.reduce(0) { $0 + $1.byteCount })
    }

    /// Whether no partition's index is of a kind that is built anew at each start.
    var hasSnapshot: Bool { partitions.withLock { $0 }.values.allSatisfy { $0.count == 0 || $0.hasSnapshot } }

    /// The partitions whose indexes are worth being kept as bytes.
    var snapshotSources: [(digest: Digest256, partition: Partition)] {
        partitions.withLock { $0 }.filter { $0.value.count > 0 && $0.value.hasSnapshot }.map { ($0.key, $0.value) }
    }

    /// Takes in partitions from a snapshot, in place of those that were made meanwhile: what is in them has to be added
    /// again.
    func restore(_ restored: [PartitionSnapshot.Restored]) {
        partitions.withLock { partitions in
            for (digest, namespace, index) in restored {
                partitions[digest]?.retire()
                partitions[digest] = Partition(namespace: namespace, index: index, makeIndex: makeIndex)
            }
        }
    }

    /// The questions up to a number, by their partitions.
    ///
    /// - Complexity: O(*q*) for *q* questions of the process.
    func numbers(upTo highest: UInt64) -> [(digest: Digest256, numbers: [UInt64])] {
        partitions.withLock { $0 }.map { ($0.key, $0.value.ids().filter { $0 <= highest }) }
    }

    private func discard(_ partition: Partition, _ digest: Digest256) {
        partitions.withLock { partitions in
            if partitions[digest] === partition { partitions[digest] = nil }
        }
    }
}
