extension [Int] {
    package struct InvalidCount: Error, CustomStringConvertible {
        let text: String

        package var description: String { "'\(text)' is not a number above 0; write counts as 1000,10000" }
    }

    /// Reads the counts of an argument, with commas between them: `1000,10000`.
    package init(counts text: String) throws(InvalidCount) {
        self = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let count = Int(part), count > 0 else { throw InvalidCount(text: String(part)) }
            append(count)
        }
    }
}
