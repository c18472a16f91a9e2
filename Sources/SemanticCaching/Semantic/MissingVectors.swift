internal import Synchronization

/// Stored questions that still want a vector of the embedding model in use, oldest first.
///
/// A question is stored without one when the embedder is down or slow, and keeps one of another model when the model was
/// changed. Only numbers are kept: what a question says is read from the store when its turn comes.
final class MissingVectors: Sendable {
    private let numbers = Mutex<[UInt64]>([])

    /// How many there are.
    var count: Int { numbers.withLock(\.count) }

    func add(_ questions: some Sequence<UInt64>) { numbers.withLock { $0 += questions } }

    /// Takes the oldest out.
    func take(_ limit: Int) -> [UInt64] {
        numbers.withLock { numbers in
            defer { numbers.removeFirst(min(limit, numbers.count)) }
            return Array(numbers.prefix(limit))
        }
    }

    /// Puts back what could not be embedded now.
    func giveBack(_ questions: some Collection<UInt64>) { numbers.withLock { $0.insert(contentsOf: questions, at: 0) } }
}
