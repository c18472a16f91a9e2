internal import Glibc

/// A file mapped for reading.
///
/// Snapshots are replaced by renaming and never shortened, so the map stays whole.
final class MappedFile: Sendable {
    // Written by nobody: the map is read-only and private to this object until it is unmapped with it.
    private nonisolated(unsafe) let base: UnsafeRawPointer
    private let count: Int

    /// Maps a file; nil if there is none.
    init?(path: String) throws {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileFault(action: "open", path: path).cacheError
        }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFault(action: "inspect", path: path).cacheError }
        count = Int(status.st_size)
        // No map has no bytes: an empty file gets one page that is not looked at.
        let map = mmap(nil, max(count, 1), PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let map, map != MAP_FAILED else { throw FileFault(action: "map", path: path).cacheError }
        base = UnsafeRawPointer(map)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), max(count, 1)) }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(start: base, count: count)) }
    }
}
