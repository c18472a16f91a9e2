internal import Glibc

/// A file's bytes, read-only, in address space: pages come from disk when they are touched.
///
///     let file = try MappedFile(path: path)
///     let sum = file.withBytes { Checksum.xxh64($0) }
///
/// The mapping outlives the file's name but not its content: a writer that cuts the file short in place takes pages
/// away, and reading them then ends the process, as with every memory-mapped file. Whoever replaces a file that is mapped
/// writes another one and renames it.
package final class MappedFile: Sendable {
    /// Why a file could not be mapped.
    package enum Failure: Error {
        /// The operating system's error number.
        case system(Int32)
        /// It is a directory, a device or a pipe.
        case notAFile

        /// Whether there is no such file.
        package var isMissing: Bool { if case .system(ENOENT) = self { true } else { false } }

        /// The reason in words.
        package var reason: String {
            switch self {
            case .system(let number): String(cString: strerror(number))
            case .notAFile: "it is not a regular file"
            }
        }
    }

    /// The size of the content.
    package let count: Int
    // Written by nobody: the map is read-only, and private to this object until it is unmapped with it.
    private nonisolated(unsafe) let base: UnsafeRawPointer?

    /// Maps a file.
    package init(path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        count = Int(status.st_size)
        // No map has no bytes.
        guard count > 0 else {
            base = nil
            return
        }
        let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else { throw .system(errno) }
        base = UnsafeRawPointer(address)
    }

    deinit {
        guard let base else { return }
        munmap(UnsafeMutableRawPointer(mutating: base), count)
    }

    /// Calls `body` with the content, and keeps it mapped until `body` returns.
    ///
    /// A pointer alone does not keep the mapping alive: the optimiser may end this object's life at its last use.
    package func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }
}
