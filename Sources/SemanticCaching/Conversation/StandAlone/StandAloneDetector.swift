/// Tells questions that can be understood without what was said before them from those that may lean on it.
///
///     StandAloneDetector.standard.dependence(of: "How old is he?")       // .refersBack("he")
///     StandAloneDetector.standard.standsAlone("How do I reset my password?")  // true
///
/// Doubtful means not stand-alone: taking a follow-up for a question of its own gives the wrong man's age, the reverse
/// costs a miss. So one pronoun, definite noun without a complement, comparison without its other side or word of
/// going on is enough, wherever it stands, and so are a sentence that asks nothing, a question of few words and a language
/// that it has no table for.
/// The tables are ``FollowUpTable/english`` and ``FollowUpTable/chinese``.
public struct StandAloneDetector: Sendable {
    /// Why a question may lean on what was said before.
    public enum Dependence: Hashable, Sendable {
        /// A word points at something said before.
        case refersBack(String)
        /// A word goes on from what was said before.
        case continues(String)
        /// Something is left out that the context must supply.
        case isElliptical(String)
        /// It asks nothing: it is more likely an answer to the question before it.
        case isNoQuestion
        /// There are too few words to be sure.
        case isTooShort
        /// It is in a language without a table.
        case isForeign
    }

    /// The detector with the tables that ship.
    public static let standard = StandAloneDetector()

    /// Creates the detector.
    public init() {}

    /// Whether a question can surely be understood by itself.
    ///
    /// - Complexity: O(*n*) for *n* characters, times the few words of the tables.
    public func standsAlone(_ question: String) -> Bool { dependence(of: question) == nil }

    /// Why a question may lean on what was said before it; nil if it surely does not.
    ///
    /// - Complexity: O(*n*) for *n* characters, times the few words of the tables.
    public func dependence(of question: String) -> Dependence? {
        var letters = 0
        var han = 0
        for scalar in question.unicodeScalars where scalar.properties.isAlphabetic {
            letters += 1
            if Self.isHan(scalar) { han += 1 } else if scalar.value >= 0x250 { return .isForeign }
        }
        guard letters > 0 else { return .isTooShort }
        // A question in Chinese may name things in Latin letters; one in English has no ideographs.
        return han > 0 ? ChineseFollowUp(question).dependence : EnglishFollowUp(question).dependence
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x323AF: true
        default: false
        }
    }
}
