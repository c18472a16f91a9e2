import Glibc
import Synchronization

/// Standard output and error as the tool uses them: results to the one, progress and faults to the other.
enum Terminal {
    /// Whether a person reads standard output.
    static var isOutputInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether a person types on standard input.
    static var isInputInteractive: Bool { isatty(STDIN_FILENO) == 1 }

    /// Whether a person reads standard error, so that a line of progress may be rewritten in place.
    static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// The error of the first line that standard output did not take; 0 if it took all.
    private static let fault = Atomic<Int32>(0)

    /// Writes a line of the result; ``finish()`` tells whether it arrived.
    static func write(_ line: String) {
        guard fault.load(ordering: .relaxed) == 0 else { return }
        if let error = write(line + "\n", to: STDOUT_FILENO) { fault.store(error, ordering: .relaxed) }
    }

    /// Makes sure that the whole result was written.
    ///
    /// - Throws: `UnavailableError` if a part of it is lost: a program that goes on with it must not take it for all.
    static func finish() throws {
        let error = fault.load(ordering: .relaxed)
        guard error == 0 else {
            throw UnavailableError(message: "cannot write standard output: \(String(cString: strerror(error)))")
        }
    }

    static func flush() { fflush(nil) }

    static func writeError(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Shows a line of progress in place of the last one; nothing if nobody watches.
    static func showProgress(_ line: String) {
        guard isErrorInteractive else { return }
        write("\r\u{1B}[2K" + line, to: STDERR_FILENO)
    }

    static func clearProgress() { showProgress("") }

    /// Writes a text; the error if not all of it could be.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes -> Int32? in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return nil
        }
    }
}
