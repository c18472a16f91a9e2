/// What a word can mean to the guards.
struct WordSense: Sendable {
    /// Yes-or-no properties.
    var flags: Flags = []
    /// The value of a numeral, or -1.
    var numeral: Int64 = -1
    /// The factor of a scale such as `thousand`, or 0.
    var scale: Int64 = 0
    /// The value of an ordinal, or -1.
    var ordinal: Int64 = -1
    /// The index of the unit, or -1.
    var unit: Int16 = -1
    /// What it asks for.
    var question = QuestionType.none
    /// The time it marks.
    var tense = TenseMark.none
    /// The person it marks.
    var person = PersonMark.none
    /// How it orders its neighbours.
    var connector = Connector.none
    /// The meanings it has an opposite of: the number of the pair, negative for its right side.
    var concepts: [Int16] = []
    /// The closed classes it belongs to.
    var members: [ClassMember] = []
    /// The hash of the word itself, or of the base that an irregular form belongs to.
    var lemma: UInt64 = 0
    /// The digest of the base form's stem for an irregular form, or 0.
    var stem: UInt32 = 0
    /// Whether it is an irregular past form.
    var isIrregularPast = false

    /// Yes-or-no properties of a word.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt16
        /// Too common to tell two questions apart.
        static let stop = Flags(rawValue: 1)
        /// May come and go without changing the meaning.
        static let determiner = Flags(rawValue: 2)
        /// Denies what follows.
        static let negator = Flags(rawValue: 4)
        /// A phrase in which a negator denies nothing.
        static let neutral = Flags(rawValue: 8)
        /// A phrase may begin here.
        static let opensPhrase = Flags(rawValue: 16)
        /// Words may stand between this verb and its particle.
        static let opensSeparable = Flags(rawValue: 32)
        /// Contains numerals and is no number.
        static let idiom = Flags(rawValue: 64)
        /// Is found in its inflected forms too.
        static let inflects = Flags(rawValue: 128)
        /// A unit or a class member directly beside a number only.
        static let besideNumberOnly = Flags(rawValue: 256)
    }
}

/// A member of a closed class.
struct ClassMember: Hashable, Sendable {
    /// The class.
    let wordClass: UInt8
    /// The member.
    let member: UInt8
}
