internal import Dispatch
internal import Synchronization

/// Loops whose turns run on all cores.
enum Parallel {
    /// Runs `body` with 0 ..< `count`, in any order and several at a time; returns when all are done.
    static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { body(0) }
            return
        }
        DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }

    /// Runs `body` with blocks of 0 ..< `count` and returns the lowest number that it found fault with, if any.
    ///
    /// - Parameter body: the first number of a block that is at fault.
    static func firstFault(
        in count: Int,
        block: Int,
        _ body: @Sendable (Range<Int>) -> Int?
    ) -> Int? {
        let lowest = Atomic<Int>(.max)
        forEach((count + block - 1) / block) { index in
            let range = index * block..<Swift.min((index + 1) * block, count)
            guard range.lowerBound < lowest.load(ordering: .relaxed), let fault = body(range) else { return }
            lowest.min(fault, ordering: .relaxed)
        }
        let fault = lowest.load(ordering: .relaxed)
        return fault == .max ? nil : fault
    }
}
