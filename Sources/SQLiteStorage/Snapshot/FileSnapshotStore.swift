internal import Glibc
public import SemanticCaching
internal import VectorKernels

/// Index snapshots as files beside the database of a store.
///
///     let snapshots = FileSnapshotStore(directory: "/var/lib/semcache")
///     try await snapshots.save(index.snapshot(), as: "faq", changeCount: try await store.changeCount())
///
/// A snapshot is written to a temporary file, synced, renamed over the old one, and the directory is synced: whatever
/// happens in between, the name leads to one whole file. It is mapped on loading, and an index goes on using the pages
/// where they lie: never write into such a file while a cache has it open; put another in its place.
public struct FileSnapshotStore: SnapshotStore {
    private let directory: String

    private static let prefix = "index-"
    private static let suffix = ".snapshot"

    /// Keeps snapshots in the directory of a store.
    public init(directory: String) { self.directory = directory }

    /// Keeps a snapshot in place of the one of the same name.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `storeUnavailable`; the old one is then still there.
    public func save(as name: String, changeCount: UInt64, _ write: SnapshotContent) async throws {
        let path = path(of: name)
        let file = try await runBlocking { try SnapshotFile(replacing: path) }
        do {
            try await write { piece in try await runBlocking { try file.append(piece) } }
            try await runBlocking { try file.finish(changeCount: changeCount) }
        } catch {
            file.discard()
            throw error
        }
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
}
