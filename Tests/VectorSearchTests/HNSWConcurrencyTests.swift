import Dispatch
import Glibc
import Synchronization
import Testing

@testable import VectorSearch

/// Searches, insertions and removals on many threads.
///
/// Short by default; `SEMCACHE_STRESS_SECONDS=10` makes it the long run, `swift test --sanitize=thread` the strict one.
@Suite struct HNSWConcurrencyTests {
    /// What writers are told must hold for all.
    ///
    /// Each writer owns some ids. What it was told is inserted must be found, by itself at once and by the readers as
    /// long as the owner has not begun to remove it; what was removed must never be found again.
    @Test func whatWasAcknowledgedIsFound() throws {
        let seconds = getenv("SEMCACHE_STRESS_SECONDS").flatMap { Double(String(cString: $0)) } ?? 0.5
        let data = HNSWTestData(count: 1200, dimension: 32, clusters: 30, seed: 61)
        let index = HNSWIndex(dimension: 32)
        let board = Board(count: 1200)
        let deadline = Self.now() + seconds
        let lost = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            var random = SeededGenerator(seed: 600 + UInt64(worker))
            // At least some work each, however slow the machine is.
            var rounds = 0
            while rounds < 50 || Self.now() < deadline {
                rounds += 1
                let problem =
                    worker < 4
                    ? Self.write(worker, of: 4, index, data, board, &random)
                    : Self.read(index, data, board, &random)
                if let problem { lost.withLock { $0.append(problem) } }
            }
        }
        #expect(lost.withLock { $0 } == [])
        #expect(index.violations == [])
        #expect(index.graph.read { $0.brokenHeals } == 0)
        #expect(index.count == board.presentCount)
    }

    /// Inserts or removes one of the worker's own rows; its id is row + 1200 × generation.
    private static func write(
        _ worker: Int,
        of writers: Int,
        _ index: HNSWIndex,
        _ data: HNSWTestData,
        _ board: Board,
        _ random: inout SeededGenerator
    ) -> String? {
        let row = Int.random(in: 0..<(1200 / writers), using: &random) * writers + worker
        let entry = board.entry(row)
        let id = UInt64(row + 1200 * entry.generation)
        if entry.isPresent {
            board.willRemove(row)
            guard index.remove(id: id) else { return "entry \(id) was not there to be removed" }
            return index.contains(id: id) ? "entry \(id) is still there" : nil
        }
        do {
            try index.insert(data.vectors[row], id: id)
        } catch {
            return "entry \(id): \(error)"
        }
        board.didInsert(row)
        guard index.contains(id: id) else { return "entry \(id) is not there" }
        return isFound(id, data.vectors[row], index) ? nil : "entry \(id) is not found by its owner"
    }

    private static func read(
        _ index: HNSWIndex,
        _ data: HNSWTestData,
        _ board: Board,
        _ random: inout SeededGenerator
    ) -> String? {
        let row = Int.random(in: 0..<1200, using: &random)
        let before = board.entry(row)
        let id = UInt64(row + 1200 * before.generation)
        let found = isFound(id, data.vectors[row], index)
        let after = board.entry(row)
        // Only an entry that was there all the time must be found, and one that was gone before must not.
        if before.isPresent, after == before, !found { return "entry \(id) was lost" }
        if before.generation > 0, isFound(id - 1200, data.vectors[row], index) { return "entry \(id - 1200) came back" }
        return nil
    }

    private static func isFound(_ id: UInt64, _ vector: [Float], _ index: HNSWIndex) -> Bool {
        let options = SearchOptions(minimumSimilarity: 0.999, effort: 64)
        return (try? index.search(vector, count: 2, options: options))?.contains { $0.id == id } ?? false
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

        private let entries: Mutex<[Entry]>

        init(count: Int) {
            entries = Mutex(Array(repeating: Entry(), count: count))
        }

        var presentCount: Int { entries.withLock { $0.count { $0.isPresent } } }

        func entry(_ row: Int) -> Entry { entries.withLock { $0[row] } }

        func didInsert(_ row: Int) { entries.withLock { $0[row].isPresent = true } }

        func willRemove(_ row: Int) {
            entries.withLock { $0[row] = Entry(generation: $0[row].generation + 1, isPresent: false) }
        }
    }
}
