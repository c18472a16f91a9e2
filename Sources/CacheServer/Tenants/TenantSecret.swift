internal import SemanticCaching

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The secret under which callers' keys become tenants, kept in a file that only its owner may read.
///
///     let secret = try TenantSecret.load(from: "/var/lib/semcache/tenant-secret")
///
/// It must outlive restarts: with another secret every caller is another tenant, and finds nothing of his.
public enum TenantSecret {
    /// The number of its bytes.
    private static let byteCount = 32

    /// Reads the secret, or makes one if there is no file yet.
    ///
    /// - Throws: `CacheError` with `invalidData` when the file is not a secret or others may read it, or
    ///   `storeUnavailable` when it cannot be read or written.
    public static func load(from path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT else {
                throw CacheError(.storeUnavailable, "the tenant secret \(path) cannot be opened: error \(errno)")
            }
            return try create(at: path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw CacheError(.invalidData, "others may read the tenant secret; run: chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: byteCount + 1)
        guard read(descriptor, &bytes, bytes.count) == byteCount else {
            throw CacheError(.invalidData, "the tenant secret \(path) does not have \(byteCount) bytes; restore it")
        }
        return Array(bytes.prefix(byteCount))
    }

    private static func create(at path: String) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        // Written aside and linked into place: two processes that start together end up with one secret.
        let temporary = "\(path).\(getpid()).\(generator.next() as UInt64)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CacheError(.storeUnavailable, "the tenant secret \(path) cannot be made: error \(errno)")
        }
        let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        defer { unlink(temporary) }
        guard isWritten else {
            throw CacheError(.storeUnavailable, "the tenant secret \(path) cannot be written: error \(errno)")
        }
        guard link(temporary, path) == 0 else {
            guard errno == EEXIST else {
                throw CacheError(.storeUnavailable, "the tenant secret \(path) cannot be made: error \(errno)")
            }
            return try load(from: path)
        }
        return bytes
    }
}
