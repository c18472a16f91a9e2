/// Finds what somebody meant who misspelt a name.
enum Spelling {
    /// The known name that is nearest to another one, if no more than two letters differ.
    static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        known.map { ($0, distance(name, $0)) }.filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
    }

    /// The number of letters to insert, delete or replace between two names (Levenshtein).
    private static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.utf8.prefix(64)), Array(second.utf8.prefix(64)))
        var row = Array(0...second.count)
        for (i, a) in first.enumerated() {
            var diagonal = i
            row[0] = i + 1
            for (j, b) in second.enumerated() {
                let next = min(diagonal + (a == b ? 0 : 1), row[j] + 1, row[j + 1] + 1)
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[second.count]
    }
}
