internal import Glibc
internal import SemanticCaching
internal import Synchronization

/// A snapshot that is being written, beside the one that it is going to replace: there is always one of the two.
///
///     let file = try SnapshotFile(replacing: path)
///     try file.append(bytes)
///     try file.finish(changeCount: 7)
final class SnapshotFile: Sendable {
    private let path: String
    // One name, so that what a killed process left half-written is overwritten and not left behind; a directory has one
    // writer.
    private let temporary: String
    private let descriptor: Int32
    private let contentBytes = Mutex(0)

    /// Begins the file, with room for its header.
    init(replacing path: String) throws(CacheError) {
        self.path = path
        temporary = path + ".tmp"
        // Never cut short: the name could be given to a file that somebody has mapped.
        unlink(temporary)
        descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(action: "create", path: temporary).cacheError }
    }

    deinit { close(descriptor) }

    /// Writes the next piece of the content.
    func append(_ piece: [UInt8]) throws(CacheError) {
        let end = contentBytes.withLock { $0 }
        do throws(FileFault) { try write(piece, at: SnapshotHeader.contentOffset + end) } catch {
            throw error.cacheError
        }
        contentBytes.withLock { $0 += piece.count }
    }

    /// Writes the header, syncs, and puts the file in the place of the old one.
    func finish(changeCount: UInt64) throws(CacheError) {
        let header = SnapshotHeader(changeCount: changeCount, contentBytes: contentBytes.withLock { $0 })
        do throws(FileFault) {
            try write(header.bytes, at: 0)
            guard fsync(descriptor) == 0 else { throw FileFault(action: "sync", path: temporary) }
            guard rename(temporary, path) == 0 else { throw FileFault(action: "rename", path: temporary) }
            try syncDirectory()
        } catch {
            throw error.cacheError
        }
    }

    /// Leaves the old one where it is.
    func discard() { unlink(temporary) }

    private func write(_ bytes: [UInt8], at offset: Int) throws(FileFault) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                pwrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, offset + written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFault(action: "write", path: temporary) }
            written += count
        }
    }

    /// Makes a rename durable: the name lies in the directory and not in the file.
    private func syncDirectory() throws(FileFault) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(action: "open", path: directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFault(action: "sync", path: directory) }
    }
}
