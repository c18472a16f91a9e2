/// The tables of all languages, compiled for lookup by hash.
///
/// The lexicon is built once per process, in about a millisecond, and never changes.
struct Lexicon: Sendable {
    /// The lexicon of every language that the guards know.
    static let shared = Lexicon(tables: [.english, .chinese])

    /// The longest Chinese word, in characters.
    static let longestHanWord = 7

    /// The senses; words refer to them by index.
    private(set) var senses: [WordSense] = []
    private var words: [UInt64: Int32] = [:]
    private var phrases: [UInt64: Int32] = [:]
    private var separables: [UInt64: Int32] = [:]
    private(set) var classGuards: [GuardSet] = []
    /// First words of phrases, which may be inflected forms of words of their own.
    private var openers: [[UInt32]] = []
    private var classIDs: [String: UInt8] = [:]
    private(set) var conceptGuards: [GuardSet] = [.opposites]

    init(tables: [LanguageTable]) {
        for table in tables { add(table) }
        for (index, unit) in UnitDefinition.all.enumerated() {
            register(unit.names, inflects: true) { $0.unit = Int16(index) }
        }
        for opener in openers { inheritMeaning(opener) }
        openers = []
    }

    // MARK: - Lookup

    /// The sense of a word, or of the word it is an inflected form of; -1 if the lexicon does not know it.
    func lookup(_ word: ArraySlice<UInt32>) -> Int32 {
        if let exact = words[TokenHash.hash(word)] { return exact }
        guard word.count > 3, let last = word.last, last < 0x80 else { return -1 }
        var found: Int32 = -1
        Self.visitBaseForms(of: word) { base in
            guard let index = words[base], senses[Int(index)].flags.contains(.inflects) else { return false }
            found = index
            return true
        }
        return found
    }

    /// The sense of a word by the hash of its letters; -1 if the lexicon does not know it.
    func lookup(hash: UInt64) -> Int32 { words[hash] ?? -1 }

    /// The sense of a phrase by its running hash.
    func phrase(_ hash: UInt64) -> Int32? { phrases[hash] }

    /// The sense of a verb and a particle apart from it.
    func separable(verb: UInt64, particle: UInt64) -> Int32? { separables[Self.join(verb, particle)] }

    /// The number of a closed class; 255 if no table has it.
    func classID(named name: String) -> UInt8 { classIDs[name] ?? 255 }

    /// The running hash of a phrase, extended by a word.
    static func join(_ phrase: UInt64, _ word: UInt64) -> UInt64 {
        (phrase &* 0x9e37_79b9_7f4a_7c15) ^ (word &+ 0x2545_f491_4f6c_dd1d)
    }

    /// Visits the hashes of the words that a word may be an inflected form of, until one is accepted.
    private static func visitBaseForms(of word: ArraySlice<UInt32>, _ accept: (UInt64) -> Bool) {
        let count = word.count
        func stripped(_ letters: Int, adding suffix: [UInt32] = []) -> Bool {
            var hash = TokenHash()
            for scalar in word.dropLast(letters) { hash.combine(scalar) }
            for scalar in suffix { hash.combine(scalar) }
            return accept(hash.value)
        }
        func ends(_ suffix: String) -> Bool {
            word.suffix(suffix.utf8.count).elementsEqual(suffix.utf8.map(UInt32.init))
        }
        let e: [UInt32] = [0x65]
        let y: [UInt32] = [0x79]
        if ends("ies") || ends("ied") {
            if stripped(3, adding: y) { return }
        }
        if ends("s") {
            if stripped(1) { return }
            if ends("es"), stripped(2) { return }
            if ends("'s"), stripped(2) { return }
        }
        if ends("ed") {
            if stripped(1) || stripped(2) { return }
            if count > 5, word[word.endIndex - 3] == word[word.endIndex - 4], stripped(3) { return }
        }
        if ends("ing"), count > 5 {
            if stripped(3) || stripped(3, adding: e) { return }
            if word[word.endIndex - 4] == word[word.endIndex - 5], stripped(4) { return }
        }
        if ends("ly"), count > 5, stripped(2) { return }
    }

    // MARK: - Building

    private mutating func add(_ table: LanguageTable) {
        register(separatedByBlanks: table.stopWords) { $0.flags.insert(.stop) }
        register(separatedByBlanks: table.determiners) { $0.flags.formUnion([.determiner, .stop]) }
        register(separatedByBlanks: table.negators) { $0.flags.formUnion([.negator, .stop]) }
        for phrase in table.neutralPhrases { register(phrase, inflects: false) { $0.flags.insert(.neutral) } }
        for phrase in table.idioms.split(whereSeparator: { $0 == "|" || $0 == " " || $0 == "\n" }) where !phrase.isEmpty
        {
            register(String(phrase), inflects: false) { $0.flags.insert(.idiom) }
        }
        for opposite in table.opposites {
            let number = Int16(conceptGuards.count)
            conceptGuards.append(opposite.guardKind)
            register(opposite.left, inflects: true) { $0.concepts.append(number) }
            register(opposite.right, inflects: true) { $0.concepts.append(-number) }
        }
        for wordClass in table.classes { add(wordClass) }
        for (type, words) in table.questions { register(words, inflects: false) { $0.question = type } }
        for (value, words) in table.numerals { register(words, inflects: false) { $0.numeral = value } }
        for (value, words) in table.scales { register(words, inflects: true) { $0.scale = value } }
        for (value, words) in table.ordinals { register(words, inflects: false) { $0.ordinal = value } }
        for (tense, words) in table.tenses { register(words, inflects: false) { $0.tense = tense } }
        for (person, words) in table.persons { register(words, inflects: false) { $0.person = person } }
        for (connector, words) in table.connectors { register(words, inflects: false) { $0.connector = connector } }
        for (base, forms) in table.irregularForms { addForms(forms, of: base, isVerb: true) }
        for (base, forms) in table.irregularNouns { addForms(forms, of: base, isVerb: false) }
    }

    private mutating func add(_ wordClass: WordClass) {
        let id: UInt8
        if let known = classIDs[wordClass.name] {
            id = known
        } else {
            id = UInt8(classGuards.count)
            classIDs[wordClass.name] = id
            classGuards.append(wordClass.guardKind)
        }
        for (member, words) in wordClass.members.enumerated() where !words.isEmpty {
            register(words, inflects: true) { $0.members.append(ClassMember(wordClass: id, member: UInt8(member))) }
        }
    }

    /// Gives irregular forms the sense of their base, and the past to those of verbs.
    private mutating func addForms(_ forms: String, of base: String, isVerb: Bool) {
        let lemma = TokenHash.hash(base)
        let stem = WordStem.digest(base)
        let inherited = words[lemma].map { senses[Int($0)] }
        register(forms, inflects: false) { sense in
            sense.lemma = lemma
            sense.stem = stem
            sense.isIrregularPast = isVerb
            guard let inherited else { return }
            sense.concepts += inherited.concepts.filter { !sense.concepts.contains($0) }
            sense.members += inherited.members.filter { !sense.members.contains($0) }
            sense.flags.formUnion(inherited.flags.intersection([.opensPhrase, .opensSeparable]))
        }
    }

    private mutating func register(separatedByBlanks words: String, _ change: (inout WordSense) -> Void) {
        for word in words.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            change(&senses[Int(wordIndex(TokenHash.hash(word)))])
        }
    }

    private mutating func register(_ cell: String, inflects: Bool, _ change: (inout WordSense) -> Void) {
        for spelling in cell.split(separator: "|") {
            if let gap = spelling.firstIndex(of: "…") {
                registerSeparable(spelling[..<gap], spelling[spelling.index(after: gap)...], change)
            } else if spelling.contains(" ") {
                registerPhrase(spelling.split(separator: " "), inflects: inflects, change)
            } else {
                let isBound = spelling.first == "~"
                let index = Int(wordIndex(TokenHash.hash(isBound ? spelling.dropFirst() : spelling)))
                change(&senses[index])
                if inflects { senses[index].flags.insert(.inflects) }
                if isBound { senses[index].flags.insert(.besideNumberOnly) }
            }
        }
    }

    private mutating func registerPhrase(
        _ parts: [Substring],
        inflects: Bool,
        _ change: (inout WordSense) -> Void
    ) {
        let hashes = parts.map { TokenHash.hash($0) }
        openers.append(parts[0].unicodeScalars.map(\.value))
        let opener = Int(wordIndex(hashes[0]))
        senses[opener].flags.formUnion(inflects ? [.opensPhrase, .inflects] : .opensPhrase)
        let key = hashes.dropFirst().reduce(hashes[0]) { Self.join($0, $1) }
        let index: Int32
        if let known = phrases[key] {
            index = known
        } else {
            index = Int32(senses.count)
            senses.append(WordSense(lemma: key))
            phrases[key] = index
        }
        change(&senses[Int(index)])
    }

    /// Gives the first word of a phrase what it means alone: `miles` of `miles per hour` stays a unit.
    private mutating func inheritMeaning(_ opener: [UInt32]) {
        guard let own = words[TokenHash.hash(opener[...])], opener.count > 3 else { return }
        var base: WordSense?
        Self.visitBaseForms(of: opener[...]) { hash in
            guard let index = words[hash], senses[Int(index)].flags.contains(.inflects) else { return false }
            base = senses[Int(index)]
            return true
        }
        guard let base else { return }
        let index = Int(own)
        if senses[index].unit < 0 { senses[index].unit = base.unit }
        if senses[index].concepts.isEmpty { senses[index].concepts = base.concepts }
        if senses[index].members.isEmpty { senses[index].members = base.members }
    }

    private mutating func registerSeparable(
        _ verb: Substring,
        _ particle: Substring,
        _ change: (inout WordSense) -> Void
    ) {
        let opener = TokenHash.hash(verb)
        senses[Int(wordIndex(opener))].flags.formUnion([.opensSeparable, .inflects])
        let key = Self.join(opener, TokenHash.hash(particle))
        let index = separables[key] ?? Int32(senses.count)
        if separables[key] == nil {
            senses.append(WordSense(lemma: key))
            separables[key] = index
        }
        change(&senses[Int(index)])
    }

    private mutating func wordIndex(_ hash: UInt64) -> Int32 {
        if let index = words[hash] { return index }
        let index = Int32(senses.count)
        senses.append(WordSense(lemma: hash))
        words[hash] = index
        return index
    }
}
