internal import Glibc
public import SemanticCaching
internal import VectorKernels

/// Index snapshots as files beside the database of a store.
///
///     let snapshots = FileSnapshotStore(directory: "/var/lib/semcache")
///     try await snapshots.save(index.snapshot(), as: "faq", changeCount: try await store.changeCount())
///
/// A snapshot is written to a temporary file, synced, renamed over the old one, and the directory is synced: whatever
/// happens in between, the name leads to one whole file. It is mapped on loading, so only the pages that are looked at
/// are read.
public struct FileSnapshotStore: SnapshotStore {
    private let directory: String

    private static let prefix = "index-"
    private static let suffix = ".snapshot"

    /// Keeps snapshots in the directory of a store.
    public init(directory: String) { self.directory = directory }

    /// Keeps a snapshot in place of the one of the same name.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `storeUnavailable`; the old one is then still there.
    public func save(_ content: [UInt8], as name: String, changeCount: UInt64) async throws {
        let path = path(of: name)
        let header = SnapshotHeader(changeCount: changeCount, contentBytes: content.count)
        try await runBlocking { try Self.replaceFile(at: path, with: [header.bytes, content]) }
    }

    /// The snapshot of that name, if its header is whole and its length right.
    public func load(_ name: String) async -> SnapshotOutcome {
        let path = path(of: name)
        do {
            return try await runBlocking {
                let file: MappedFile
                do throws(MappedFile.Failure) { file = try MappedFile(path: path) } catch {
                    return .unusable(reason: error.isMissing ? "there is none" : "it cannot be read: \(error.reason)")
                }
                let header: SnapshotHeader
                switch file.withBytes(SnapshotHeader.read) {
                case .success(let found): header = found
                case .failure(let fault): return .unusable(reason: fault.reason)
                }
                return .loaded(MappedSnapshot(file: file), changeCount: header.changeCount)
            }
        } catch {
            return .unusable(reason: error.message)
        }
    }

    /// Removes a snapshot; no error if there is none.
    public func remove(_ name: String) async throws {
        let path = path(of: name)
        guard unlink(path) == 0 || errno == ENOENT else { throw FileFault(action: "remove", path: path).cacheError }
    }

    /// The names of all snapshots, sorted.
    public func names() async throws -> [String] {
        guard let handle = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw FileFault(action: "list", path: directory).cacheError
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let file = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard file.hasPrefix(Self.prefix), file.hasSuffix(Self.suffix) else { continue }
            if let name = Self.name(inHexadecimal: file.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)) {
                names.append(name)
            }
        }
        return names.sorted()
    }

    /// Names are written in hexadecimal, so that any of them makes a file name.
    private func path(of name: String) -> String {
        let digits = Array("0123456789abcdef")
        let hexadecimal = String(name.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        return "\(directory)/\(Self.prefix)\(hexadecimal)\(Self.suffix)"
    }

    private static func name(inHexadecimal text: Substring) -> String? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Puts a file in place of another so that there is always one of the two.
    private static func replaceFile(at path: String, with parts: [[UInt8]]) throws(CacheError) {
        // One name, so that what a killed process left half-written is overwritten and not left behind; a directory has
        // one writer.
        let temporary = path + ".tmp"
        do throws(FileFault) {
            try write(parts, to: temporary)
            guard rename(temporary, path) == 0 else { throw FileFault(action: "rename", path: temporary) }
            try syncDirectory(of: path)
        } catch {
            unlink(temporary)
            throw error.cacheError
        }
    }

    private static func write(_ parts: [[UInt8]], to path: String) throws(FileFault) {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(action: "create", path: path) }
        defer { Glibc.close(descriptor) }
        for part in parts {
            var written = 0
            while written < part.count {
                let count = part.withUnsafeBytes { bytes in
                    Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, part.count - written)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw FileFault(action: "write", path: path) }
                written += count
            }
        }
        guard fsync(descriptor) == 0 else { throw FileFault(action: "sync", path: path) }
    }

    /// Makes a rename durable: the name lies in the directory and not in the file.
    private static func syncDirectory(of path: String) throws(FileFault) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(action: "open", path: directory) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFault(action: "sync", path: directory) }
    }
}
