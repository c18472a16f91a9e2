internal import SemanticCaching
internal import Synchronization

/// The questions that the table of keys does not have yet, by their keys.
///
/// The writer brings keys into their table by the hundred (``StoreLedger``); until then readers of the same process find
/// them here, and other processes in the rows themselves. What is here is a hint that the row confirms. Numbers of a
/// transaction that was rolled back go again: on a full disk there may be millions before one succeeds.
final class RecentKeys: Sendable {
    private struct State {
        var numbers: [Digest256: [Int64]] = [:]
        /// What the transaction that is under way has added.
        var unsettled: [(key: Digest256, number: Int64)] = []
    }

    private let state = Mutex(State())

    /// Notes a question, before whoever stores it is told that it is stored.
    func add(_ number: Int64, key: Digest256) {
        state.withLock { state in
            state.numbers[key, default: []].append(number)
            state.unsettled.append((key, number))
        }
    }

    /// Keeps what was added: it is committed.
    func settle() { state.withLock { $0.unsettled.removeAll(keepingCapacity: true) } }

    /// Forgets what was added since the last commit.
    func rollBack() {
        state.withLock { state in
            for (key, number) in state.unsettled.reversed() {
                guard var numbers = state.numbers.removeValue(forKey: key) else { continue }
                if let place = numbers.lastIndex(of: number) { numbers.remove(at: place) }
                if !numbers.isEmpty { state.numbers[key] = numbers }
            }
            state.unsettled.removeAll()
        }
    }

    /// Forgets all, once the table has them: a reader that finds nothing here looks at a state that is no older.
    func removeAll() {
        state.withLock { state in
            state.numbers.removeAll(keepingCapacity: true)
            state.unsettled.removeAll(keepingCapacity: true)
        }
    }

    /// The questions that may have the key, the latest first.
    func candidates(for key: Digest256) -> [Int64] { state.withLock { $0.numbers[key] ?? [] }.reversed() }
}
