/// Reads regular expressions without what has no linear-time matcher: no back-references, no look-around.
///
///     alternation   a|b          groups      (a) (?:a)      anchors   ^ $ \b \B
///     repetition    * + ? {2,5}  classes     [a-z] [^0-9]   sets      . \d \w \s and \D \W \S
///     escapes       \. \n \t \r \u{1F600}                   case      (?i) at the start
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var offset = 0
    private var depth = 0
    /// Whether the pattern starts with `(?i)`.
    private(set) var ignoresCase = false

    /// Bounds on what is accepted, so that neither parsing nor matching can be made expensive.
    enum Limit {
        static let length = 1000
        static let depth = 50
        static let repetition = 1000
    }

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parse() throws(PatternError) -> PatternSyntax {
        guard scalars.count <= Limit.length else { throw fault("it is longer than \(Limit.length) characters") }
        if scalars.starts(with: "(?i)".unicodeScalars) {
            ignoresCase = true
            offset = 4
        }
        let syntax = try parseChoice()
        guard offset == scalars.count else { throw fault("')' without '('") }
        return syntax
    }

    private mutating func parseChoice() throws(PatternError) -> PatternSyntax {
        var choices = [try parseSequence()]
        while consume("|") { choices.append(try parseSequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func parseSequence() throws(PatternError) -> PatternSyntax {
        var parts: [PatternSyntax] = []
        while let next = peek, next != "|", next != ")" {
            let atom = try parseAtom()
            parts.append(try parseRepetition(of: atom))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func parseAtom() throws(PatternError) -> PatternSyntax {
        let scalar = scalars[offset]
        offset += 1
        switch scalar {
        case "(": return try parseGroup()
        case "[": return .scalars(try parseClass())
        case ".": return .scalars(.allButNewlines)
        case "^": return .start
        case "$": return .end
        case "\\": return try parseEscape()
        case "*", "+", "?", "{": throw fault("nothing to repeat", at: offset - 1)
        default: return .scalars(ScalarSet(scalar))
        }
    }

    private mutating func parseGroup() throws(PatternError) -> PatternSyntax {
        let start = offset - 1
        guard depth < Limit.depth else { throw fault("groups are nested too deeply", at: start) }
        if consume("?") {
            guard consume(":") else { throw fault("look-around and named groups are not supported", at: start) }
        }
        depth += 1
        let syntax = try parseChoice()
        depth -= 1
        guard consume(")") else { throw fault("'(' without ')'", at: start) }
        return syntax
    }

    private mutating func parseRepetition(of atom: PatternSyntax) throws(PatternError) -> PatternSyntax {
        var syntax = atom
        while let next = peek {
            switch next {
            case "*": syntax = .repetition(syntax, minimum: 0, maximum: nil)
            case "+": syntax = .repetition(syntax, minimum: 1, maximum: nil)
            case "?": syntax = .repetition(syntax, minimum: 0, maximum: 1)
            case "{":
                offset += 1
                let (minimum, maximum) = try parseBounds()
                syntax = .repetition(syntax, minimum: minimum, maximum: maximum)
                continue
            default: return syntax
            }
            offset += 1
            // Whether a match is as short as possible makes no difference to whether there is one.
            if peek == "?" { offset += 1 }
        }
        return syntax
    }

    private mutating func parseBounds() throws(PatternError) -> (Int, Int?) {
        let start = offset - 1
        let minimum = parseNumber()
        var maximum = minimum
        if consume(",") {
            maximum = parseNumber()
        } else if minimum == nil {
            throw fault("a number is missing", at: start)
        }
        guard consume("}") else { throw fault("'{' without '}'", at: start) }
        let low = minimum ?? 0
        guard low <= Limit.repetition, (maximum ?? low) <= Limit.repetition, (maximum ?? low) >= low else {
            throw fault("bounds must rise and stay within \(Limit.repetition)", at: start)
        }
        return (low, maximum)
    }

    private mutating func parseNumber() -> Int? {
        var number: Int?
        while let digit = peek.flatMap({ Character($0).wholeNumberValue }), (0...9).contains(digit) {
            number = min((number ?? 0) * 10 + digit, Limit.repetition + 1)
            offset += 1
        }
        return number
    }
}

extension PatternParser {
    private mutating func parseEscape() throws(PatternError) -> PatternSyntax {
        guard let scalar = peek else { throw fault("the pattern ends in '\\'") }
        switch scalar {
        case "b", "B":
            offset += 1
            return .wordBoundary(isInverted: scalar == "B")
        default: return .scalars(try parseEscapedSet())
        }
    }

    /// A set or a single scalar behind a backslash, in a class or outside of one.
    private mutating func parseEscapedSet() throws(PatternError) -> ScalarSet {
        guard let scalar = peek else { throw fault("the pattern ends in '\\'") }
        offset += 1
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .wordCharacters
        case "W": return ScalarSet.wordCharacters.inverted
        case "s": return .spaces
        case "S": return ScalarSet.spaces.inverted
        case "n": return ScalarSet("\n")
        case "t": return ScalarSet("\t")
        case "r": return ScalarSet("\r")
        case "u": return ScalarSet(try parseScalarNumber())
        case "0"..."9": throw fault("back-references are not supported", at: offset - 1)
        case "a"..."z", "A"..."Z": throw fault("the escape is unknown", at: offset - 1)
        default: return ScalarSet(scalar)
        }
    }

    private mutating func parseScalarNumber() throws(PatternError) -> Unicode.Scalar {
        let start = offset
        guard consume("{") else { throw fault("\\u needs {hexadecimal digits}", at: start) }
        var value: UInt32 = 0
        while let digit = peek.flatMap({ Character($0).hexDigitValue }) {
            value = min(value << 4 | UInt32(digit), 0x110000)
            offset += 1
        }
        guard consume("}"), let scalar = Unicode.Scalar(value) else {
            throw fault("\\u needs {hexadecimal digits} of a character", at: start)
        }
        return scalar
    }

    private mutating func parseClass() throws(PatternError) -> ScalarSet {
        let start = offset - 1
        let isInverted = consume("^")
        var set = ScalarSet()
        var isFirst = true
        while let scalar = peek, scalar != "]" || isFirst {
            isFirst = false
            let (low, members) = try parseClassMember()
            guard let low, peek == "-", offset + 1 < scalars.count, scalars[offset + 1] != "]" else {
                set.formUnion(members)
                continue
            }
            offset += 1
            guard let high = try parseClassMember().scalar, low.value <= high.value else {
                throw fault("a range in a class must rise", at: offset - 1)
            }
            set.formUnion(ScalarSet([low.value...high.value]))
        }
        guard consume("]") else { throw fault("'[' without ']'", at: start) }
        return isInverted ? set.inverted : set
    }

    /// One scalar of a class, which may start a range, or a set like `\d`, which may not.
    private mutating func parseClassMember() throws(PatternError) -> (scalar: Unicode.Scalar?, set: ScalarSet) {
        guard let scalar = peek else { throw fault("'[' without ']'") }
        offset += 1
        guard scalar == "\\" else { return (scalar, ScalarSet(scalar)) }
        let set = try parseEscapedSet()
        return (set.onlyScalar, set)
    }

    private var peek: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

    private mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        offset += 1
        return true
    }

    private func fault(_ message: String, at place: Int? = nil) -> PatternError {
        PatternError(message: message, offset: place ?? offset)
    }
}
