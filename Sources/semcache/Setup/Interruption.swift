import Dispatch
// For `stdout`, which is a variable in C and constant in fact.
@preconcurrency import Glibc
import Synchronization

/// Ends the program on Ctrl-C or SIGTERM with one clear line; a command can say what it has done until then.
///
/// It ends at once: what the store acknowledged survives that, and nothing else is half written, because files appear by
/// renaming.
enum Interruption {
    /// The exit code of shells for a program that a signal ended, by the signal's number.
    private static let base: Int32 = 128
    private static let report = Mutex<(@Sendable () -> String)?>(nil)
    // Safe: touched by `install` only, before any other task exists.
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

    /// What to tell of a work that was interrupted.
    static func setReport(_ text: (@Sendable () -> String)?) { report.withLock { $0 = text } }

    /// Begins to listen for signals.
    static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { end(by: number) }
            source.resume()
            sources.append(source)
        }
    }

    private static func end(by number: Int32) {
        Terminal.clearProgress()
        let detail = report.withLock { $0?() }.map { ": " + $0 } ?? ""
        Terminal.writeError("semcache: interrupted\(detail)")
        // Whole lines only; not if another thread is stuck in a write that nobody reads.
        if ftrylockfile(stdout) == 0 {
            fflush(stdout)
            funlockfile(stdout)
        }
        _exit(base + number)
    }
}
