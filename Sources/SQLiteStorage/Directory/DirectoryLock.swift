internal import Glibc
internal import SemanticCaching

/// The right to be the one writer of a store's directory.
///
/// The lock is the kernel's (flock), which frees it when its process ends in whatever way; so there is nothing stale to
/// take over but the text of the file, which names the owner for people.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: ``CacheError`` with `storeLocked`, naming the process that has it, or `storeUnavailable`.
    init(path: String) throws(CacheError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(action: "open the lock", path: path).cacheError }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            let owner = Self.owner(in: descriptor)
            Glibc.close(descriptor)
            guard number == EWOULDBLOCK else {
                throw FileFault(action: "lock", path: path, number: number).cacheError
            }
            let name = owner.map { "process \($0)" } ?? "another process"
            throw CacheError(
                .storeLocked,
                "\(name) is the writer of this directory: use its admin API, or stop it first (lock: \(path))"
            )
        }
        guard Self.write("\(getpid())\n", to: descriptor) else {
            let fault = FileFault(action: "write", path: path)
            Glibc.close(descriptor)
            throw fault.cacheError
        }
        self.descriptor = descriptor
    }

    /// Gives the lock up before the object is gone.
    func release() { flock(descriptor, LOCK_UN) }

    // The file stays: to remove it would let two processes lock two files of the same name.
    deinit { Glibc.close(descriptor) }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    }

    private static func owner(in descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes.prefix(while: { $0 >= 0x30 && $0 <= 0x39 }), as: UTF8.self))
    }
}
