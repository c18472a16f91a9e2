/// The words of a language by which a question may lean on what was said before it.
///
/// Words are in lower case. What a list does not name does not count, so a language is as safe as its table is complete:
/// when in doubt, a word belongs in it.
public struct FollowUpTable: Hashable, Sendable {
    /// Words and phrases that point at something said before.
    public let references: [String]
    /// Words and phrases that go on from it, at the beginning.
    public let openings: [String]
    /// Words and phrases that go on from it, anywhere.
    public let continuations: [String]
    /// Words that compare with something unnamed, unless the sentence names it.
    public let comparatives: [String]
    /// Words at the end that leave something out.
    public let endings: [String]
    /// Words with which a question begins (English) or that make a sentence one (Chinese): what is none is an answer to one.
    public let interrogatives: [String]
    /// Words that say something of what the context must name, unless the sentence does (Chinese: at its beginning).
    public let predicates: [String]
    /// Verbs behind which the subject of a question stands.
    public let auxiliaries: [String]
    /// Subjects, or their first words, that need nothing to belong to: who asks and is asked, and what has an article.
    public let ownSubjects: [String]
    /// Verbs of what “you” are asked to do: what it is to be done about, and how, may have been said before.
    public let errands: [String]
    /// Words for times: what happens on Sundays is not known by the day alone.
    public let times: [String]
    /// Words that say nothing by themselves: what remains without them must be enough to go by.
    public let functionWords: [String]
    /// Words that contain or look like one of the above and are innocent.
    public let innocent: [String]
    /// The least number of words (English) or ideographs (Chinese) that say something.
    public let minimumContent: Int
}
