import Glibc

/// Standard output and error as the tool uses them: results to the one, progress and faults to the other.
enum Terminal {
    /// Whether a person reads standard output.
    static var isOutputInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether a person types on standard input.
    static var isInputInteractive: Bool { isatty(STDIN_FILENO) == 1 }

    /// Whether a person reads standard error, so that a line of progress may be rewritten in place.
    static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ line: String) {
        print(line)
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

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
