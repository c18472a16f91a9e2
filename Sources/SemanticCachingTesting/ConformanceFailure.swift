/// What a conformance suite found wrong with a store, an index or an embedder.
public struct ConformanceFailure: Error, CustomStringConvertible {
    /// The check that failed.
    public let check: String
    /// What was expected and what was found.
    public let detail: String
    /// The seed that repeats it.
    public let seed: UInt64
    /// Where in the suite it was noticed.
    public let location: String

    /// Creates a finding.
    public init(check: String, detail: String, seed: UInt64, file: String = #fileID, line: Int = #line) {
        self.check = check
        self.detail = detail
        self.seed = seed
        location = "\(file):\(line)"
    }

    /// One line with all of it.
    public var description: String { "\(check) (\(location), seed \(seed)): \(detail)" }
}
