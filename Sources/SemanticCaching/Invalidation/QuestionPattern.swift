/// A condition on the text of a question: a beginning, a glob or a regular expression.
///
///     QuestionPattern(prefix: "How do I return")
///     try QuestionPattern(glob: "*price of ?BMW*")
///     try QuestionPattern(regularExpression: #"(?i)\bprice\b.*\b20\d\d\b"#)
///
/// Texts are compared character by character (Unicode scalars). A regular expression fits if it does anywhere; it takes
/// time in proportion to the text whatever it is, because back-references and look-around are refused.
public struct QuestionPattern: Hashable, Sendable {
    /// How the text of a pattern is meant.
    public enum Kind: String, Sendable, CaseIterable {
        /// The question starts with it.
        case prefix
        /// `*` stands for any characters, `?` for one, a character behind `\` for itself; about the whole question.
        case glob
        /// A regular expression that fits somewhere in the question.
        case regularExpression
    }

    /// How ``text`` is meant.
    public let kind: Kind
    /// The pattern as it was written.
    public let text: String
    private let program: PatternProgram?

    /// Creates the pattern of all questions that start with a text.
    public init(prefix: String) {
        kind = .prefix
        text = prefix
        program = nil
    }

    /// Creates a pattern with `*` for any characters and `?` for one.
    ///
    /// - Throws: ``PatternError`` if it has thousands of characters.
    public init(glob: String) throws(PatternError) {
        kind = .glob
        text = glob
        program = try PatternProgram(.glob(glob), ignoresCase: false)
    }

    /// Creates a pattern from a regular expression; `(?i)` at its start makes upper and lower case equal.
    ///
    /// - Throws: ``PatternError`` with the place of what is wrong or not supported.
    public init(regularExpression: String) throws(PatternError) {
        kind = .regularExpression
        text = regularExpression
        var parser = PatternParser(regularExpression)
        let syntax = try parser.parse()
        program = try PatternProgram(syntax, ignoresCase: parser.ignoresCase)
    }

    /// Creates a pattern of a kind.
    ///
    /// - Throws: ``PatternError`` as the other initialisers do.
    public init(_ kind: Kind, _ text: String) throws(PatternError) {
        switch kind {
        case .prefix: self.init(prefix: text)
        case .glob: try self.init(glob: text)
        case .regularExpression: try self.init(regularExpression: text)
        }
    }

    /// Whether the question fits.
    ///
    /// - Complexity: O(*n* · *m*) for a question of *n* characters and a pattern of *m*.
    public func matches(_ question: String) -> Bool {
        program?.matches(question) ?? question.utf8.starts(with: text.utf8)
    }

    /// What every question that fits starts with; a store can look for that first.
    var literalPrefix: String {
        switch kind {
        case .prefix: text
        case .glob:
            String(String.UnicodeScalarView(text.unicodeScalars.prefix { $0 != "*" && $0 != "?" && $0 != "\\" }))
        case .regularExpression: ""
        }
    }

    /// Writes a text so that it stands for itself in a pattern of a kind.
    static func quoting(_ text: String, for kind: Kind) -> String {
        let special =
            switch kind {
            case .prefix: ""
            case .glob: #"\*?"#
            case .regularExpression: #"\^$.|?*+()[]{}-"#
            }
        return text.unicodeScalars.reduce(into: "") { quoted, scalar in
            if special.unicodeScalars.contains(scalar) { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
    }
}
