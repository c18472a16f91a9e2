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
    private let descriptor: Int32

    /// Maps a file.
    package init(path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        do throws(Failure) { (base, count) = try Self.map(descriptor) } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    private static func map(_ descriptor: Int32) throws(Failure) -> (UnsafeRawPointer?, Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let count = Int(status.st_size)
        // No map has no bytes.
        guard count > 0 else { return (nil, 0) }
        let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else { throw .system(errno) }
        return (UnsafeRawPointer(address), count)
    }

    deinit {
        if let base { munmap(UnsafeMutableRawPointer(mutating: base), count) }
        close(descriptor)
    }

    /// Puts pages of the file in place of those at an address, where they stay when this object is gone.
    ///
    /// What is written there later stays in memory and never reaches the file.
    ///
    /// - Parameters:
    ///   - range: bytes of the file; their start must lie on a page.
    ///   - address: the start of a page that the caller mapped, with room for the range up to the end of its last page.
    /// - Returns: false if that cannot be; the address then has no defined content.
    package func map(_ range: Range<Int>, at address: UnsafeMutableRawPointer) -> Bool {
        let page = Int(getpagesize())
        guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= count, range.lowerBound.isMultiple(of: page),
            UInt(bitPattern: address).isMultiple(of: UInt(page))
        else { return false }
        let flags = MAP_PRIVATE | MAP_FIXED
        let placed = mmap(address, range.count, PROT_READ | PROT_WRITE, flags, descriptor, range.lowerBound)
        return placed == address
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
