/// Why bytes are not an acceptable JSON text.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in a few words that quote nothing of the input.
    public let message: String
    /// The offset of the first offending byte.
    public let offset: Int

    /// One line with the fault and its place.
    public var description: String { "invalid JSON at byte \(offset): \(message)" }
}
