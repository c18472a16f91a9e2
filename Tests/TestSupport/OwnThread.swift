internal import Foundation

/// Does blocking work on a thread of its own.
///
/// The pool has as few threads as the machine has cores: two tests that wait on them, each for what a task of the other's
/// should do, would wait for ever.
package func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work()) }
    }
}
