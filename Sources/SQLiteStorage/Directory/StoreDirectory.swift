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

    /// Makes the directory and an empty database file where there are none, readable by their owner alone.
    ///
    /// SQLite itself would create the file by the process's umask, open to others for a moment at least.
    func create() throws(CacheError) {
        if mkdir(path, 0o700) != 0, errno == ENOENT {
            try makeParents()
            _ = mkdir(path, 0o700)
        }
        guard isDirectory else { throw FileFault(action: "create the directory", path: path).cacheError }
        let descriptor = Glibc.open(databasePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(action: "create", path: databasePath).cacheError }
        Glibc.close(descriptor)
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

    /// The bytes of the database with its write-ahead log.
    var databaseBytes: Int {
        [databasePath, databasePath + "-wal"].reduce(0) { sum, path in
            var status = stat()
            return stat(path, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }
}
