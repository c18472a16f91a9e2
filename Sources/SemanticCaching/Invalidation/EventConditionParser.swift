/// Reads the conditions of an ``EventRule``.
struct EventConditionParser {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func parse() throws(CacheError) -> [EventCondition] {
        var conditions: [EventCondition] = []
        repeat {
            let condition = try parseCondition()
            guard !conditions.contains(where: { $0.field == condition.field }) else {
                throw fault("the field '\(condition.field.rawValue)' stands twice")
            }
            conditions.append(condition)
            skipSpaces()
            guard !rest.isEmpty else { return conditions }
        } while consumeWord("and")
        throw fault("'and' is missing before '\(rest.prefix(20))'")
    }

    private mutating func parseCondition() throws(CacheError) -> EventCondition {
        let name = takeWord()
        guard let field = EventCondition.Field(rawValue: name) else {
            let known = EventCondition.Field.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("'\(name)' is no field; the fields are \(known)")
        }
        let kind: QuestionPattern.Kind?
        if field == .question {
            switch takeWord() {
            case "starts_with": kind = .prefix
            case "like": kind = .glob
            case "matches": kind = .regularExpression
            default: throw fault("a question is compared by starts_with, like or matches")
            }
        } else {
            skipSpaces()
            guard rest.hasPrefix("==") else { throw fault("'==' is missing after '\(name)'") }
            rest = rest.dropFirst(2)
            kind = nil
        }
        return EventCondition(field: field, kind: kind, parts: try parseParts(of: kind))
    }

    /// Reads the text in quotes: `\"` and `\\` stand for `"` and `\`, other backslashes for themselves.
    private mutating func parseParts(of kind: QuestionPattern.Kind?) throws(CacheError) -> [EventCondition.Part] {
        skipSpaces()
        guard rest.first == "\"" else { throw fault("a text in double quotes is missing") }
        rest = rest.dropFirst()
        var parts: [EventCondition.Part] = []
        var literal = ""
        while let character = rest.first, character != "\"" {
            if character == "\\", let next = rest.dropFirst().first, next == "\"" || next == "\\" {
                // In a regular expression an escaped backslash stays one.
                literal += kind == .regularExpression && next == "\\" ? "\\\\" : String(next)
                rest = rest.dropFirst(2)
            } else if character == "{", let name = valueName() {
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(.value(name))
                rest = rest.dropFirst(name.count + 2)
            } else {
                literal.append(character)
                rest = rest.dropFirst()
            }
        }
        guard !rest.isEmpty else { throw fault("a text does not end") }
        rest = rest.dropFirst()
        if !literal.isEmpty { parts.append(.literal(literal)) }
        guard !parts.isEmpty else { throw fault("a text is empty") }
        return parts
    }

    /// The name in `{name}` at this place; nil for braces that are none, such as `{2,5}` of a regular expression.
    private func valueName() -> String? {
        let name = rest.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let end = rest.dropFirst(name.count + 1).first
        guard end == "}", let first = name.first, first.isLetter || first == "_" else { return nil }
        return String(name)
    }

    private mutating func skipSpaces() { rest = rest.drop { $0.isWhitespace } }

    private mutating func takeWord() -> String {
        skipSpaces()
        let word = rest.prefix { $0.isLetter || $0 == "_" }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private mutating func consumeWord(_ word: String) -> Bool {
        let saved = rest
        if takeWord() == word { return true }
        rest = saved
        return false
    }

    private func fault(_ message: String) -> CacheError {
        CacheError(.invalidConfiguration, "an event rule's condition is wrong: \(message)")
    }
}
