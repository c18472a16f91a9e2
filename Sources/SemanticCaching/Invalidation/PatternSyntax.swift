/// A regular expression as a tree.
indirect enum PatternSyntax: Hashable, Sendable {
    case empty
    case scalars(ScalarSet)
    case start
    case end
    case wordBoundary(isInverted: Bool)
    case sequence([PatternSyntax])
    case choice([PatternSyntax])
    /// The part so many times; no upper bound for nil.
    case repetition(PatternSyntax, minimum: Int, maximum: Int?)

    /// A text, character by character.
    static func literal(_ text: String) -> PatternSyntax {
        .sequence(text.unicodeScalars.map { .scalars(ScalarSet($0)) })
    }

    /// A glob: `*` stands for any characters, `?` for one, a character behind `\` for itself; it is about the whole text.
    static func glob(_ text: String) -> PatternSyntax {
        var parts: [PatternSyntax] = [.start]
        var isQuoted = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\" where !isQuoted:
                isQuoted = true
                continue
            case "*" where !isQuoted: parts.append(.repetition(.scalars(.all), minimum: 0, maximum: nil))
            case "?" where !isQuoted: parts.append(.scalars(.all))
            default: parts.append(.scalars(ScalarSet(scalar)))
            }
            isQuoted = false
        }
        return .sequence(parts + [.end])
    }
}
