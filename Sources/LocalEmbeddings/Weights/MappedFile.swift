internal import Glibc

/// A file's bytes, read-only, in address space: pages come from disk when they are touched.
///
/// The mapping outlives the file's name but not its content: a writer that cuts the file short in place takes pages
/// away, and reading them then kills the process, as with every memory-mapped file. `scripts/fetch-model` therefore
/// replaces whole folders by renaming.
///
/// The memory is never written, which is why sharing it between threads is safe.
final class MappedFile: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer

    /// The size of the content.
    var count: Int { bytes.count }

    /// Maps a file.
    ///
    /// - Throws: ``ModelFolderError/unreadable(file:reason:)``.
    init(path: String, name: String) throws(ModelFolderError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(name) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(name) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(file: name, reason: "it is not a regular file")
        }
        let count = Int(status.st_size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else { throw Self.failure(name) }
        bytes = UnsafeRawBufferPointer(start: address, count: count)
    }

    /// Calls `body` with the content, and keeps it mapped until `body` returns.
    ///
    /// A pointer alone does not keep the mapping alive: the optimiser may end this object's life at its last use.
    func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    deinit {
        guard let address = bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }

    private static func failure(_ name: String) -> ModelFolderError {
        .unreadable(file: name, reason: String(cString: strerror(errno)))
    }
}
