internal import Glibc
internal import SemanticCaching

/// Why a file could not be used, by the operating system's error number.
struct FileFault: Error, CustomStringConvertible {
    /// What was tried, such as `create`.
    let action: String
    /// The file.
    let path: String
    /// The value of `errno`.
    let number: Int32

    init(action: String, path: String, number: Int32 = errno) {
        self.action = action
        self.path = path
        self.number = number
    }

    var description: String { "cannot \(action) \(path): \(String(cString: strerror(number)))" }

    var cacheError: CacheError { CacheError(.storeUnavailable, description, cause: self) }
}
