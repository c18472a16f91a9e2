/// A word of a prompt that changed, and what it looks like: the usual suspects that make every prompt a new one.
struct VolatileText {
    let word: String
    let surroundings: String

    private static let calendarWords = [
        "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
        "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", " jan ", " feb ",
        " mar ", " apr ", " jun ", " jul ", " aug ", " sep ", " oct ", " nov ", " dec ",
    ]

    static func kind(of text: VolatileText) -> PrefixBreak.Cause {
        let shape = text.word.map { $0.isNumber ? "9" : $0.isLetter ? "a" : $0 }
        let digits = text.word.count(where: \.isNumber)
        let separators = shape.count { $0 == ":" || $0 == "-" || $0 == "/" || $0 == "." }
        let plain = String(shape)
        if plain.contains("99:99") || plain.contains("9999-99-99") || plain.contains("9999/99/99") { return .timestamp }
        // Seconds or milliseconds since 1970 have ten or thirteen digits, and will for centuries.
        if digits == text.word.count, digits == 10 || digits == 13, text.word.first == "1" { return .timestamp }
        let isCalendarWord = calendarWords.contains(text.word.lowercased())
        let around = text.surroundings.lowercased()
        if isCalendarWord || digits > 0 && calendarWords.contains(where: around.contains) { return .timestamp }
        if digits > 0, digits + separators == text.word.count { return .number }
        let hexadecimal = text.word.allSatisfy { $0.isHexDigit || $0 == "-" }
        if text.word.count >= 8, digits > 0, hexadecimal || digits * 5 >= text.word.count { return .identifier }
        return .text
    }
}
