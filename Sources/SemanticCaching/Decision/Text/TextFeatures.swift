/// Everything the guards and the learned policy read from a question; made once and shared by reference.
package final class TextFeatures: Sendable {
    /// The digest of the words alone, for word-for-word equality but for case, blanks and punctuation.
    let exactKey: UInt64
    /// The digest of the signs that say something, with their places: `+x` is not `-x`, `10^5` not `10^-5`.
    let signKey: UInt64
    /// The digest of flags, emoji and other symbols beyond ASCII, in their order.
    let emblemKey: UInt64
    /// The words that carry diacritics.
    let accents: [AccentFact]
    /// Whether all of the text is in capitals; whether some are where no sentence begins; whether such a word is another one
    /// in other letters.
    let isShouted: Bool
    let hasMeantCapitals: Bool
    let hasCasedWords: Bool
    /// The words in order, without determiners.
    let words: [WordFact]
    /// The digests of content words, numbers and Chinese pairs of characters; sorted, unique.
    let stems: [UInt32]
    /// The digests of all runs of three letters; sorted, unique.
    let trigrams: [UInt32]
    let quantities: [Quantity]
    let identifiers: [Fact]
    let members: [MemberFact]
    let concepts: [ConceptFact]
    let negations: [NegationFact]
    /// The stems that a `from` leads, and those that a `to` leads.
    let origins: [UInt32]
    let destinations: [UInt32]
    let possessions: [PossessionFact]
    let question: QuestionType
    let questionSource: SourceRange
    let tense: TenseMark
    let tenseSource: SourceRange
    let isTenseFronted: Bool
    let subject: PersonMark
    let hasSecondSubject: Bool
    let script: Script

    /// Whether the two are word for word and sign for sign the same but for case, blanks and punctuation.
    func hasSameWords(as other: TextFeatures) -> Bool {
        exactKey == other.exactKey && signKey == other.signKey && emblemKey == other.emblemKey
    }

    init(_ reader: consuming TextReader) {
        exactKey = reader.exactKey
        signKey = reader.signKey
        emblemKey = reader.emblemKey
        accents = reader.accents
        isShouted = reader.folded.isShouted
        hasMeantCapitals = reader.hasMeantCapitals
        hasCasedWords = reader.hasCasedWords
        words = reader.words
        stems = reader.stems
        trigrams = reader.trigrams
        quantities = reader.quantities
        identifiers = reader.identifiers
        members = reader.members
        concepts = reader.concepts
        negations = reader.negations
        origins = reader.origins
        destinations = reader.destinations
        possessions = reader.possessions
        question = reader.question
        questionSource = reader.questionSource
        tense = reader.tense
        tenseSource = reader.tenseSource
        isTenseFronted = reader.isTenseFronted
        subject = reader.subject
        hasSecondSubject = reader.hasSecondSubject
        script = reader.script
    }
}
