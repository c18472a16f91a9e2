internal import BenchmarkSupport
internal import CAllocationCounter

/// What a number of equal operations cost.
struct Measurement {
    /// CPU time of the thread for each operation: what the work costs, however busy the machine is.
    let nanoseconds: Double
    /// Allocations for each operation.
    let allocations: Double

    /// Runs the body several times on this thread and keeps the run that was disturbed least.
    static func best(of runs: Int = 5, operations: Int, _ body: () -> Void) -> Measurement {
        (0..<runs).map { _ in once(operations: operations, body) }.min { $0.nanoseconds < $1.nanoseconds }
            ?? Measurement(nanoseconds: .nan, allocations: .nan)
    }

    /// Runs the body once on this thread.
    static func once(operations: Int, _ body: () -> Void) -> Measurement {
        let allocations = cac_allocations_of_this_thread()
        let spent = 1e9 * BenchmarkClock.thread.seconds(body)
        return Measurement(
            nanoseconds: spent / Double(operations),
            allocations: Double(cac_allocations_of_this_thread() - allocations) / Double(operations)
        )
    }

    /// The bytes that are allocated now.
    static var allocatedBytes: Int { cac_allocated_bytes() }
}
