import Dispatch
import Glibc
import TestSupport
import VectorSearch

/// Eight threads on one index: what a writer is told must hold for everyone from then on.
///
/// Each of four writers owns some rows. An entry whose insertion was acknowledged must be found, by its owner at once
/// and by the four readers until the owner begins to remove it; one whose removal was acknowledged must never be found
/// again. With one writer per entry, that is what linearizability asks of a set.
///
/// Short by default; `SEMCACHE_STRESS_SECONDS=10` makes it the long run.
struct AcknowledgementTrial {
    private let index: any VectorIndex
    private let data: HNSWTestData
    private let board: Board
    private static let (writers, readers) = (4, 4)

    init(index: any VectorIndex, data: HNSWTestData) {
        self.index = index
        self.data = data
        board = Board(count: data.vectors.count)
    }

    /// Entries that their owners were told are present.
    var presentCount: Int { board.presentCount }

    /// Runs all threads; returns what was not as it was told to be.
    ///
    /// The threads are none of the pool's, which other tests need.
    func run() async -> [String] { await onOwnThread { runThreads() } }

    private func runThreads() -> [String] {
        let seconds = getenv("SEMCACHE_STRESS_SECONDS").flatMap { Double(String(cString: $0)) } ?? 0.5
        let deadline = Self.now() + seconds
        let problems = Guarded<[String]>([])
        DispatchQueue.concurrentPerform(iterations: Self.writers + Self.readers) { worker in
            var random = SeededGenerator(seed: 600 + UInt64(worker))
            // At least some work each, however slow the machine is.
            var rounds = 0
            while rounds < 50 || Self.now() < deadline {
                rounds += 1
                let problem = worker < Self.writers ? write(worker, &random) : read(&random)
                if let problem { problems.withLock { $0.append(problem) } }
            }
        }
        return problems.withLock { $0 }
    }

    /// Inserts or removes one of the writer's own rows; its id is row + rows × generation.
    private func write(_ writer: Int, _ random: inout SeededGenerator) -> String? {
        let rows = data.vectors.count
        let row = Int.random(in: 0..<(rows / Self.writers), using: &random) * Self.writers + writer
        let entry = board.entry(row)
        let id = UInt64(row + rows * entry.generation)
        if entry.isPresent {
            board.willRemove(row)
            guard index.remove(id: id) else { return "entry \(id) was not there to be removed" }
            if index.contains(id: id) { return "entry \(id) is still there" }
            return isFound(id, row) ? "entry \(id) is found after its removal" : nil
        }
        do {
            try index.insert(data.vectors[row], id: id)
        } catch {
            return "entry \(id): \(error)"
        }
        board.didInsert(row)
        guard index.contains(id: id) else { return "entry \(id) is not there" }
        return isFound(id, row) ? nil : "entry \(id) is not found by its owner"
    }

    private func read(_ random: inout SeededGenerator) -> String? {
        let rows = data.vectors.count
        let row = Int.random(in: 0..<rows, using: &random)
        let before = board.entry(row)
        let id = UInt64(row + rows * before.generation)
        let found = isFound(id, row)
        // Only an entry that was there all the time must be found, and one that was gone before must not.
        if before.isPresent, board.entry(row) == before, !found { return "entry \(id) was lost" }
        if before.generation > 0, isFound(id - UInt64(rows), row) { return "entry \(id - UInt64(rows)) came back" }
        return nil
    }

    private func isFound(_ id: UInt64, _ row: Int) -> Bool {
        let options = SearchOptions(minimumSimilarity: 0.999, effort: 64)
        let found = try? index.search(data.vectors[row], count: 2, options: options)
        return found?.contains { $0.id == id } ?? false
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// What the owners have been told, row by row.
    private final class Board: Sendable {
        struct Entry: Equatable {
            var generation = 0
            var isPresent = false
        }

        private let entries: Guarded<[Entry]>

        init(count: Int) {
            entries = Guarded(Array(repeating: Entry(), count: count))
        }

        var presentCount: Int { entries.withLock { entries in entries.count { $0.isPresent } } }

        func entry(_ row: Int) -> Entry { entries.withLock { $0[row] } }

        func didInsert(_ row: Int) { entries.withLock { $0[row].isPresent = true } }

        /// The entry counts as gone from the moment its owner begins to remove it.
        func willRemove(_ row: Int) {
            entries.withLock { $0[row] = Entry(generation: $0[row].generation + 1, isPresent: false) }
        }
    }
}
