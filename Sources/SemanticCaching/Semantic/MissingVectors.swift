internal import Synchronization

/// Stored questions that still want a vector of the embedding model in use, oldest first.
///
/// A question is stored without one when the embedder is down or slow, and keeps one of another model when the model was
/// changed. Only numbers are kept: what a question says is read from the store when its turn comes.
final class MissingVectors: Sendable {
    /// So many wait at the most, should the embedder stay away; the rest is found by the next opening.
    static let limit = 1 << 22

    private struct State {
        /// Those that wait.
        var waiting: Set<UInt64> = []
        /// Their order, from `start` on, among numbers that do not wait any more.
        var order: [UInt64] = []
        var start = 0

        /// Forgets the numbers in the order that nobody waits for, when they are the most of it.
        mutating func compact() {
            guard order.count > 2 * waiting.count + 1024 else { return }
            order = order[start...].filter(waiting.contains)
            start = 0
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int = MissingVectors.limit) { self.limit = limit }

    /// How many there are.
    var count: Int { state.withLock(\.waiting.count) }

    /// Adds questions, each once.
    ///
    /// - Complexity: O(*n*) for *n* questions.
    func add(_ questions: some Sequence<UInt64>) {
        state.withLock { state in
            for question in questions where state.waiting.count < limit && state.waiting.insert(question).inserted {
                state.order.append(question)
            }
        }
    }

    /// Takes the oldest out.
    func take(_ limit: Int) -> [UInt64] {
        state.withLock { state in
            var taken: [UInt64] = []
            while taken.count < limit, state.start < state.order.count {
                let question = state.order[state.start]
                state.start += 1
                if state.waiting.remove(question) != nil { taken.append(question) }
            }
            state.compact()
            return taken
        }
    }

    /// Forgets questions that are gone.
    func remove(_ questions: some Sequence<UInt64>) {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return }
            for question in questions { state.waiting.remove(question) }
            state.compact()
        }
    }

    /// Puts back what could not be embedded now.
    func giveBack(_ questions: some Collection<UInt64>) {
        state.withLock { state in
            let back = questions.filter { state.waiting.insert($0).inserted }
            state.order = back + state.order[state.start...]
            state.start = 0
        }
    }
}
