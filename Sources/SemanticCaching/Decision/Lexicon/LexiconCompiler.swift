/// Compiles the tables of languages for a ``Lexicon``.
struct LexiconCompiler {
    private(set) var senses: [WordSense] = []
    private(set) var words: [UInt64: Int32] = [:]
    private(set) var phrases: [UInt64: Int32] = [:]
    private(set) var separables: [UInt64: Int32] = [:]
    private(set) var classGuards: [GuardSet] = []
    private(set) var classIDs: [String: UInt8] = [:]
    private(set) var conceptGuards: [GuardSet] = [.opposites]
    /// First words of phrases, which may be inflected forms of words of their own.
    private var openers: [[UInt32]] = []

    init(_ tables: [LanguageTable]) {
        for table in tables { add(table) }
        for (index, unit) in UnitDefinition.all.enumerated() {
            register(unit.names, inflects: true) { $0.unit = Int16(index) }
        }
        for opener in openers { inheritMeaning(opener) }
    }

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
        let key = hashes.dropFirst().reduce(hashes[0]) { Lexicon.join($0, $1) }
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
        Lexicon.visitBaseForms(of: opener[...]) { hash in
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
        let key = Lexicon.join(opener, TokenHash.hash(particle))
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
