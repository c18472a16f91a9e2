/// Reads labelled pairs in the spellings of this and other caches.
///
/// The columns may be called `a`, `b`, `label`; `question1`, `question2`, `is_duplicate` (Quora); `query`, `query_match`
/// (RedisVL: an empty match is no pair); `origin`, `similar` (GPTCache: every row a match); `prompt`, `cached_prompt`,
/// `should_hit`; and the like.
public enum PairReader {
    private static let firstNames = [
        "a", "question1", "q1", "text1", "sentence1", "query", "origin", "prompt", "prompt1", "left",
    ]
    private static let secondNames = [
        "b", "question2", "q2", "text2", "sentence2", "query_match", "similar", "cached_prompt", "cached", "candidate",
        "prompt2",
        "match", "right",
    ]
    private static let labelNames = [
        "label", "is_duplicate", "duplicate", "should_hit", "is_match", "equivalent", "same", "expected", "gold", "y",
    ]
    private static let categoryNames = ["cat", "category", "kind", "type"]

    /// The pairs of a file.
    ///
    /// - Throws: ``TuningError``.
    public static func pairs(ofFile path: String) throws(TuningError) -> [LabelledPair] {
        try pairs(of: TableReader.rows(ofFile: path))
    }

    /// The pairs of rows.
    public static func pairs(of rows: [[String: String]]) throws(TuningError) -> [LabelledPair] {
        guard let row = rows.first else { return [] }
        let columns = Set(rows.prefix(50).flatMap(\.keys))
        guard let first = firstNames.first(where: columns.contains),
            let second = secondNames.first(where: columns.contains)
        else {
            throw .missingColumns(found: row.keys.sorted(), needed: "two questions (a, b)")
        }
        let label = labelNames.first(where: columns.contains)
        guard label != nil || second == "similar" || second == "query_match" else {
            throw .missingColumns(found: row.keys.sorted(), needed: "a label")
        }
        let category = categoryNames.first(where: columns.contains)
        var pairs: [LabelledPair] = []
        for (index, row) in rows.enumerated() {
            guard let left = row[first], let right = row[second], !right.isEmpty else { continue }
            let isMatch = try label.map { (name) throws(TuningError) in try truth(row[name], row: index + 1) } ?? true
            pairs.append(LabelledPair(left, right, isMatch: isMatch, category: category.flatMap { row[$0] }))
        }
        return pairs
    }

    private static func truth(_ text: String?, row: Int) throws(TuningError) -> Bool {
        switch text?.trimmed.lowercased() {
        case "1", "1.0", "true", "yes", "y", "match", "hit", "same", "duplicate": return true
        case "0", "0.0", "-1", "false", "no", "n", "", "miss", "different": return false
        default: throw .malformed(line: row, reason: "the label is neither yes nor no")
        }
    }
}
