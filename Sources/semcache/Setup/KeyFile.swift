import Glibc
import SQLiteStorage

/// The file with the key of an encrypted cache.
enum KeyFile {
    /// Reads the key, and says so if others can read it, too.
    ///
    /// - Throws: `CacheError` if there is none.
    static func key(at path: String) throws -> EncryptionKey {
        let key = try EncryptionKey(file: path)
        if isReadableByOthers(path) {
            Terminal.writeError("semcache: others can read the key in \(path): chmod 600 \(path)")
        }
        return key
    }

    /// Whether a file of the caller's own is open to others; secrets that an orchestrator mounts are not the caller's.
    private static func isReadableByOthers(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return status.st_uid == geteuid() && status.st_mode & 0o077 != 0 && !path.hasPrefix("/run/secrets/")
    }
}
