internal import Glibc
internal import SemanticCaching

/// The files of a store and who may read them.
///
///     DIR/                      0700
///       semcache.sqlite         0600   the database; SQLite gives -wal and -shm the same mode
///       semcache.lock           0600   the writer's process id, under flock
///       index-*.snapshot        0600   see FileSnapshotStore
struct StoreDirectory: Sendable {
    let path: String

    var databasePath: String { path + "/semcache.sqlite" }
    var lockPath: String { path + "/semcache.lock" }

    init(path: String) {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.path = trimmed
    }

    /// Makes the directory where there is none, open to its owner alone.
    func create() throws(CacheError) {
        var number: Int32 = mkdir(path, 0o700) == 0 ? 0 : errno
        if number == ENOENT {
            try makeParents()
            number = mkdir(path, 0o700) == 0 ? 0 : errno
        }
        guard isDirectory else {
            throw FileFault(action: "create the directory", path: path, number: number).cacheError
        }
    }

    /// Makes an empty database file where there is none, readable by its owner alone.
    ///
    /// SQLite itself would create the file by the process's umask, open to others for a moment at least. One that is there
    /// is not even opened: whichever descriptor of a file is closed, the kernel takes every lock of the process on it away
    /// (fcntl(2)), those of a store that is open in this process included, and another process would take that for dead and
    /// its log for its own. To be called by who holds the lock of the directory.
    func createDatabase() throws(CacheError) {
        let descriptor = Glibc.open(databasePath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
            return
        }
        let number = errno
        guard number == EEXIST else {
            throw FileFault(action: "create", path: databasePath, number: number).cacheError
        }
        guard access(databasePath, R_OK | W_OK) == 0 else {
            throw FileFault(action: "write", path: databasePath).cacheError
        }
    }

    private func makeParents() throws(CacheError) {
        var parent = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/").dropLast() {
            parent += "/" + component
            if mkdir(parent, 0o700) != 0, errno != EEXIST {
                throw FileFault(action: "create the directory", path: parent).cacheError
            }
        }
    }

    private var isDirectory: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is a store.
    var hasDatabase: Bool { access(databasePath, F_OK) == 0 }

    /// Whether nobody can write here, and nobody left a log behind: a copy on a read-only medium, such as an image.
    ///
    /// SQLite must then be told so, or it fails to make the files that it shares with writers.
    var isFrozen: Bool {
        guard access(path, W_OK) != 0, access(databasePath + "-shm", F_OK) != 0 else { return false }
        var log = stat()
        return stat(databasePath + "-wal", &log) != 0 || log.st_size == 0
    }

    /// The database's name for SQLite if ``isFrozen``.
    var frozenDatabaseName: String {
        let escaped = databasePath.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "%": text += "%25"
            case "?": text += "%3f"
            case "#": text += "%23"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "file:\(escaped)?immutable=1"
    }

    /// Makes what was committed survive a power failure.
    ///
    /// Only the log is opened: to close the database file here would take SQLite's locks on it away (fcntl(2)). What is
    /// no longer in the log was synced when it was folded into the database.
    func syncLog() throws(CacheError) {
        let path = databasePath + "-wal"
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw FileFault(action: "open", path: path).cacheError
        }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFault(action: "sync", path: path).cacheError }
    }

    /// The bytes of the database with its write-ahead log.
    var databaseBytes: Int {
        [databasePath, databasePath + "-wal"].reduce(0) { sum, path in
            var status = stat()
            return stat(path, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }
}
