import CacheTuning

/// A file of labelled data: what is wrong with it is told with its name and, where it has one, its line.
struct TuningFile {
    let path: String

    /// The pairs of the file; nil if it has the columns of something else.
    func pairs() throws -> [LabelledPair]? {
        do throws(TuningError) { return try PairReader.pairs(ofFile: path) } catch {
            if case .missingColumns = error { return nil }
            throw named(error)
        }
    }

    /// The requests of the file.
    func queries() throws -> [StreamQuery] {
        do throws(TuningError) { return try StreamReader.queries(ofFile: path) } catch { throw named(error) }
    }

    /// What is made of the file's rows.
    func measured<Result>(_ measure: () throws(TuningError) -> Result) throws -> Result {
        do throws(TuningError) { return try measure() } catch { throw named(error) }
    }

    /// The error as one line about the file.
    func named(_ error: TuningError) -> any Error {
        switch error {
        case .malformed(let line, let reason): DataFileError(path: path, line: line, message: reason)
        case .tooFewRows(found: 0, _): DataFileError(path: path, line: nil, message: "the file has no rows")
        case .tooFewRows(let found, let needed):
            DataFileError(
                path: path,
                line: nil,
                message: "it has \(found.counted("row")), and \(needed) are needed: label or collect more"
            )
        case .inseparable(let found, let needed):
            DataFileError(
                path: path,
                line: nil,
                message: "rows that share a question or an answer stay in one half, and \(found.counted("row")) of "
                    + "\(needed) that are needed would be left for the other: add rows with other questions"
            )
        case .missingColumns, .missingTimes: DataFileError(path: path, line: nil, message: error.description)
        case .unreadable, .mismatchedVectors: error
        }
    }
}
