/// The tables of all languages, compiled for lookup by hash.
///
/// The lexicon is built once per process, in about a millisecond, and never changes. It is a class, since every analysis of a
/// text holds it: as a struct it would be passed on as eight tables, each with a count of its own that all threads touch.
final class Lexicon: Sendable {
    /// The lexicon of every language that the guards know.
    static let shared = Lexicon(tables: [.english, .chinese])

    /// The longest Chinese word, in characters.
    static let longestHanWord = 7

    /// The senses; words refer to them by index.
    let senses: [WordSense]
    let classGuards: [GuardSet]
    let conceptGuards: [GuardSet]
    private let words: [UInt64: Int32]
    private let phrases: [UInt64: Int32]
    private let separables: [UInt64: Int32]
    private let classIDs: [String: UInt8]

    init(tables: [LanguageTable]) {
        let compiled = LexiconCompiler(tables)
        senses = compiled.senses
        classGuards = compiled.classGuards
        conceptGuards = compiled.conceptGuards
        words = compiled.words
        phrases = compiled.phrases
        separables = compiled.separables
        classIDs = compiled.classIDs
    }

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
    static func visitBaseForms(of word: ArraySlice<UInt32>, _ accept: (UInt64) -> Bool) {
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
}
