/// Everything the guards and the learned policy read from a question; made once and shared by reference.
package final class TextFeatures: Sendable {
    /// The digest of the words alone, for word-for-word equality but for case, blanks and punctuation.
    let exactKey: UInt64
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

    init(_ reader: consuming TextReader) {
        exactKey = reader.exactKey
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
