internal import SemanticCaching
internal import Synchronization

/// The questions that the table of keys does not have yet, by their keys.
///
/// The writer brings keys into their table by the hundred (``StoreLedger``); until then readers of the same process find
/// them here, and other processes in the rows themselves. What is here is a hint that the row confirms: numbers of a
/// transaction that was rolled back do no harm.
final class RecentKeys: Sendable {
    private let numbers = Mutex<[Digest256: [Int64]]>([:])

    /// Notes a question, before whoever stores it is told that it is stored.
    func add(_ number: Int64, key: Digest256) {
        numbers.withLock { $0[key, default: []].append(number) }
    }

    /// Forgets all, once the table has them: a reader that finds nothing here looks at a state that is no older.
    func removeAll() { numbers.withLock { $0.removeAll(keepingCapacity: true) } }

    /// The questions that may have the key, the latest first.
    func candidates(for key: Digest256) -> [Int64] { numbers.withLock { $0[key] ?? [] }.reversed() }
}
