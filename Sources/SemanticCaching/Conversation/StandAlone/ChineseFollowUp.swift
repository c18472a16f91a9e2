/// Reads a Chinese question for what may lean on the conversation before it.
struct ChineseFollowUp {
    private static let table = FollowUpTable.chinese
    private static let innocent = longestFirst(table.innocent)
    private static let functionWords = longestFirst(table.functionWords)

    private let text: String

    init(_ question: String) {
        var text = question.lowercased()
        text.removeAll { $0.isWhitespace || $0.isPunctuation || $0.isSymbol }
        self.text = text
    }

    var dependence: StandAloneDetector.Dependence? {
        // A placeholder keeps an innocent word's neighbours from growing together into another one.
        let open = Self.innocent.reduce(text) { $0.replacing($1, with: "·") }
        if let word = Self.table.openings.first(where: open.hasPrefix) { return .continues(word) }
        if let word = Self.table.references.first(where: open.contains) { return .refersBack(word) }
        if let word = Self.table.continuations.first(where: open.contains) { return .continues(word) }
        // “A 比 B” names both sides of a comparison.
        if !open.contains("比"), let word = Self.table.comparatives.first(where: open.contains) {
            return .isElliptical(word)
        }
        if let word = Self.table.endings.first(where: open.hasSuffix) { return .isElliptical(word) }
        // Whose address? Words before it would say so.
        let bare = open.hasPrefix("请问") || open.hasPrefix("請問") ? String(open.dropFirst(2)) : open
        if let word = Self.table.predicates.first(where: bare.hasPrefix) { return .isElliptical(word) }
        guard Self.table.interrogatives.contains(where: text.contains) else { return .isNoQuestion }
        let content = Self.functionWords.reduce(text) { $0.replacing($1, with: "") }
        let ideographs = content.unicodeScalars.count { StandAloneDetector.isHan($0) }
        // A name in Latin letters says as much as a word of two ideographs.
        let names = content.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.count
        return ideographs + 2 * names < Self.table.minimumContent ? .isTooShort : nil
    }

    private static func longestFirst(_ words: [String]) -> [String] {
        words.sorted { ($1.count, $0) < ($0.count, $1) }
    }
}
