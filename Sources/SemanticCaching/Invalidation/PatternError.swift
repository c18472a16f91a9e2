/// Why a regular expression is not accepted.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in a few words.
    public let message: String
    /// The number of characters (Unicode scalars) before the fault.
    public let offset: Int

    /// One line with the fault and its place.
    public var description: String { "invalid pattern at character \(offset): \(message)" }
}
