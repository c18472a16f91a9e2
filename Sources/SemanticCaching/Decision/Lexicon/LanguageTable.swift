/// What the guards know of one language, as plain data: extend a list and every guard learns the words.
///
/// Alternatives in one cell are separated by `|`. A blank inside a word makes a phrase (`log in`); `…` lets up to three
/// words stand between (`turn…off`). English words are also found in their inflected forms.
struct LanguageTable: Sendable {
    /// Words too common to tell two questions apart, separated by blanks.
    var stopWords: String
    /// Words that may come and go without changing the meaning, separated by blanks.
    var determiners: String
    /// Words that deny what follows them, separated by blanks.
    var negators: String
    /// Phrases that say nothing to the guards: denials that deny nothing, openings of a request.
    var neutralPhrases: [String]
    /// Pairs of opposite meanings.
    var opposites: [Opposite]
    /// Closed classes: another member is another question.
    var classes: [WordClass]
    /// Question words by what they ask for; longer phrases win.
    var questions: [(type: QuestionType, words: String)]
    /// Numerals and their values.
    var numerals: [(value: Int64, words: String)]
    /// Numerals that multiply what stands before them.
    var scales: [(value: Int64, words: String)]
    /// Ordinals and their values.
    var ordinals: [(value: Int64, words: String)]
    /// Words that mark the time of the main clause.
    var tenses: [(tense: TenseMark, words: String)]
    /// Possessives and pronouns by person.
    var persons: [(person: PersonMark, words: String)]
    /// Words by which the order of their neighbours counts or does not.
    var connectors: [(connector: Connector, words: String)]
    /// Irregular verbs: the base, then past tense and participle.
    var irregularForms: [(base: String, forms: String)]
    /// Irregular plurals: the base, then its other forms.
    var irregularNouns: [(base: String, forms: String)]
    /// Words with letters of numbers in them that are none, as `十分` is not ten.
    var idioms: String
}

/// Two meanings of which one excludes the other.
struct Opposite: Sendable {
    /// Words for the one.
    let left: String
    /// Words for the other.
    let right: String
    /// The guard that speaks.
    let guardKind: GuardSet

    init(_ left: String, _ right: String, guard guardKind: GuardSet = .opposites) {
        self.left = left
        self.right = right
        self.guardKind = guardKind
    }
}

/// A closed class of words; each member is one cell of alternatives.
struct WordClass: Sendable {
    /// The class, shared between languages.
    let name: String
    /// The guard that speaks.
    let guardKind: GuardSet
    /// The members, in the same order in each language.
    let members: [String]

    init(_ name: String, guard guardKind: GuardSet = .terms, _ members: [String]) {
        self.name = name
        self.guardKind = guardKind
        self.members = members
    }
}
