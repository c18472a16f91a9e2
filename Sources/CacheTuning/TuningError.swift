/// What can be wrong with data for tuning.
public enum TuningError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(path: String, reason: String)
    /// A line is not what the format asks for; lines count from 1.
    case malformed(line: Int, reason: String)
    /// The file has none of the columns that are needed.
    case missingColumns(found: [String], needed: String)
    /// The vectors do not belong to the texts.
    case mismatchedVectors(expected: Int, found: Int)
    /// There is nothing to measure on.
    case tooFewRows(found: Int, needed: Int)
    /// Rows that share a question or an answer stay in one half, and leave too few for the other.
    case inseparable(smallerHalf: Int, needed: Int)
    /// The order of arrival is asked for, and so many rows do not tell when they came.
    case missingTimes(rows: Int)

    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .malformed(let line, let reason): "line \(line): \(reason)"
        case .missingColumns(let found, let needed): "needs \(needed); found \(found.joined(separator: ", "))"
        case .mismatchedVectors(let expected, let found): "needs \(expected) vectors, found \(found)"
        case .tooFewRows(let found, let needed): "needs \(needed) rows, found \(found)"
        case .inseparable(let found, let needed):
            "needs \(needed) rows in each half, found \(found): rows that share a question or an answer stay together"
        case .missingTimes(let rows):
            "the order of arrival needs a time, in seconds or ISO 8601, in each row; \(rows) have none"
        }
    }
}
