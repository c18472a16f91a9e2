import Glibc

/// A file that appears when it is complete, or standard output.
final class OutputFile {
    private let path: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isFinished = false

    private var temporaryPath: String { "\(path ?? "").part" }

    /// Begins a file; nil or `-` for standard output.
    ///
    /// - Throws: `UnavailableError`.
    init(path: String?) throws {
        self.path = path == "-" ? nil : path
        guard let path = self.path else {
            descriptor = STDOUT_FILENO
            return
        }
        // Answers are nobody else's business: what an earlier run or somebody else left there, with a mode of its own or
        // as a link to elsewhere, is not written to.
        unlink("\(path).part")
        descriptor = open("\(path).part", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        guard path != nil else { return }
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    func write(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Writes what is left, and makes the file appear.
    func finish() throws {
        try flush()
        if let path {
            guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw Self.failure(path) }
        }
        isFinished = true
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure(path ?? "standard output") }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String) -> UnavailableError {
        UnavailableError(message: "cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
