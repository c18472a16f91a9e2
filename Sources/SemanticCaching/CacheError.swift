/// Why the cache could not do what was asked of it; a miss is a ``Verdict``, never an error.
///
///     catch let error as CacheError where error.code == .schemaTooNew { … }
public struct CacheError: Error, Sendable {
    /// What went wrong, named by who must act; more may be added, so a switch needs a default.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the code, as the CLI and the server print it.
        public let rawValue: String
        /// Creates a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The caller: a vector has another number of components than its index.
        public static let dimensionMismatch = Code(rawValue: "dimension-mismatch")
        /// The caller: a setting is unknown, out of range or contradicts another.
        public static let invalidConfiguration = Code(rawValue: "invalid-configuration")
        /// The caller: the request cannot be understood.
        public static let invalidRequest = Code(rawValue: "invalid-request")
        /// The caller: only a cached answer was wanted, and there is none.
        public static let notCached = Code(rawValue: "not-cached")
        /// The environment: the embedder cannot be used now.
        public static let embedderUnavailable = Code(rawValue: "embedder-unavailable")
        /// The environment: the store cannot be opened, read or written now.
        public static let storeUnavailable = Code(rawValue: "store-unavailable")
        /// The environment: another process is the writer of the directory.
        public static let storeLocked = Code(rawValue: "store-locked")
        /// The environment: the tier that replicas share cannot be used now.
        public static let sharedTierUnavailable = Code(rawValue: "shared-tier-unavailable")
        /// Data: a snapshot is damaged; it is rebuilt from the store.
        public static let corruptSnapshot = Code(rawValue: "corrupt-snapshot")
        /// Data: stored data is damaged, or was encrypted with another key.
        public static let corruptStore = Code(rawValue: "corrupt-store")
        /// Data: the store was written by a newer version.
        public static let schemaTooNew = Code(rawValue: "schema-too-new")
        /// Data: a file that was given is not in the format it should be in.
        public static let invalidData = Code(rawValue: "invalid-data")
    }

    /// What went wrong.
    public let code: Code
    /// One line that says what to do, without secrets and without the text of requests.
    public let message: String
    /// The error below this one, if any.
    public let cause: (any Error)?
    /// Where it was noticed.
    public let location: String

    /// Creates an error.
    public init(
        _ code: Code,
        _ message: String,
        cause: (any Error)? = nil,
        file: String = #fileID,
        line: Int = #line
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        location = "\(file):\(line)"
    }
}

extension CacheError: CustomStringConvertible {
    /// The message, behind its code.
    public var description: String { "\(code.rawValue): \(message)" }
}
