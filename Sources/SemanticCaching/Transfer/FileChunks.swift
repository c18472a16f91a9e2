#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file in pieces of up to a quarter of a megabyte.
///
///     for try await piece in FileChunks(path: "answers.jsonl") { … }
public struct FileChunks: AsyncSequence, Sendable {
    private let path: String

    /// Reads a file, from its beginning in every iteration.
    public init(path: String) { self.path = path }

    /// The length of the file in bytes; nil if there is none, or if it is a pipe.
    public var byteCount: Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Starts at the beginning of the file.
    public func makeAsyncIterator() -> Iterator { Iterator(path: path) }

    /// The pieces, one after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private let path: String
        private var file: OpenFile?

        init(path: String) { self.path = path }

        /// The next piece; nil at the end.
        ///
        /// - Throws: ``CacheError`` with `invalidData` if the file cannot be read.
        public mutating func next() async throws -> [UInt8]? {
            let file = try file ?? OpenFile(path: path)
            self.file = file
            return try file.read()
        }
    }

    /// A descriptor that is closed with the last reference to it.
    private final class OpenFile {
        private let descriptor: Int32
        private let path: String

        init(path: String) throws(CacheError) {
            self.path = path
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.failure(path) }
        }

        deinit { close(descriptor) }

        func read() throws(CacheError) -> [UInt8]? {
            var failed = false
            let piece = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, count in
                var result: Int
                repeat { result = Self.readOnce(descriptor, buffer) } while result < 0 && errno == EINTR
                failed = result < 0
                count = result < 0 ? 0 : result
            }
            guard !failed else { throw Self.failure(path) }
            return piece.isEmpty ? nil : piece
        }

        private static func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
            #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
        }

        private static func failure(_ path: String) -> CacheError {
            CacheError(.invalidData, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
    }
}
