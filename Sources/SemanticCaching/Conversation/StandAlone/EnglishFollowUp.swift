/// Reads an English question for what may lean on the conversation before it.
struct EnglishFollowUp {
    private static let table = FollowUpTable.english
    private static let functionWords = Set(table.functionWords)
    private static let comparatives = Set(table.comparatives)
    private static let interrogatives = Set(table.interrogatives)
    private static let predicates = Set(table.predicates)
    private static let endings = Set(table.endings)
    private static let references = Phrases(table.references)
    private static let openings = Phrases(table.openings)
    private static let continuations = Phrases(table.continuations)
    private static let innocent = Phrases(table.innocent)
    /// What may complete a definite noun, as in “the capital of France”.
    private static let complements: Set = ["of", "for", "in", "to", "at", "from", "on", "between", "when", "if", "by"]
    /// What makes a definite noun known without the context; others may belong to a verb: “the song released in May”.
    private static let definiteComplements: Set = ["of", "for", "between"]
    private static let anchors = complements.subtracting(["when", "if"]).union(["with", "about", "into", "via"])
    private static let errands = Set(table.errands)
    private static let auxiliaries = Set(table.auxiliaries)
    private static let ownSubjects = Set(table.ownSubjects)
    private static let times = Set(table.times)
    /// Nouns that count what was listed before.
    private static let listNouns: Set = [
        "step", "option", "point", "item", "number", "question", "answer", "part", "line",
    ]

    private let words: [String]
    /// Whether a word behind the first begins with a capital, where not all do: it names something.
    private let namesSomething: Bool

    init(_ question: String) {
        let sentences = question.replacing("’", with: "'").split { ".?!".contains($0) }.map { sentence in
            sentence.split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "-") }
        }
        words = sentences.joined().map { $0.lowercased() }
        // A sentence begins with a capital whatever its first word is, in a title each word does, and `I` everywhere.
        let telling = sentences.flatMap { $0.dropFirst() }.filter { word in
            let word = word.lowercased()
            return !Self.functionWords.contains(word) && !Self.times.contains(word)
        }
        let capitals = telling.count { $0.first?.isUppercase == true }
        namesSomething = capitals > 0 && capitals < telling.count
    }

    var dependence: StandAloneDetector.Dependence? {
        var open = words
        // An innocent phrase hides its words from the tables, but stays a word among the others.
        for range in Self.innocent.matches(in: words).reversed() {
            open.replaceSubrange(range, with: repeatElement("·", count: range.count))
        }
        if let word = Self.openings.opening(of: open) { return .continues(word) }
        let bare = open.map(Self.withoutContraction)
        if let range = Self.references.matches(in: bare).first { return .refersBack(Self.text(bare[range])) }
        if let range = Self.continuations.matches(in: bare).first { return .continues(Self.text(bare[range])) }
        guard words.first.map(Self.interrogatives.contains) == true else { return .isNoQuestion }
        if let word = openPredicate(in: bare) { return .isElliptical(word) }
        let missing = comparison(in: bare) ?? listReference(in: bare) ?? danglingEnd(of: bare) ?? openSubject(in: bare)
        if let word = missing {
            return .isElliptical(word)
        }
        if let noun = Self.definiteNoun(in: bare) { return .refersBack("the " + noun) }
        guard words.contains(where: Self.functionWords.contains) else { return .isForeign }
        let content = open.count { !Self.functionWords.contains($0) && $0 != "·" }
        // Three words, such as “what bus station”, ask for what was talked about more often than not.
        return content < Self.table.minimumContent || words.count < 4 ? .isTooShort : nil
    }

    /// `it's` and `that'll` say `it` and `that`.
    private static func withoutContraction(_ word: String) -> String {
        guard let apostrophe = word.firstIndex(of: "'"), apostrophe != word.startIndex else { return word }
        return String(word[..<apostrophe])
    }

    private static func text(_ words: ArraySlice<String>) -> String { words.joined(separator: " ") }

    /// A comparison whose other side is not named.
    private func comparison(in words: [String]) -> String? {
        guard !words.contains("than") else { return nil }
        return words.indices.first { index in
            guard Self.comparatives.contains(words[index]) else { return false }
            // “the best bank in France” names what it is the best of; “better” needs its “than”.
            let isSuperlative = words[index].hasSuffix("st") || words[index] == "difference"
            return !isSuperlative || !words[index...].dropFirst().contains { Self.complements.contains($0) }
        }.map { words[$0] }
    }

    /// A word that says something of what is not named, such as “available” at the end.
    private func openPredicate(in words: [String]) -> String? {
        words.indices.first { index in
            // “How much does shipping to Canada cost?” has its complement before the word.
            Self.predicates.contains(words[index]) && !words.dropFirst().contains { Self.complements.contains($0) }
        }.map { words[$0] }
    }

    private func listReference(in words: [String]) -> String? {
        zip(words, words.dropFirst()).first { noun, number in
            Self.listNouns.contains(noun) && number.allSatisfy(\.isNumber)
        }.map { "\($0) \($1)" }
    }

    private func danglingEnd(of words: [String]) -> String? {
        words.last.flatMap { Self.endings.contains($0) ? $0 : nil }
    }

    /// A thing that a question is about without saying whose it is, as in “What time does check-in start?”.
    ///
    /// It has no article or owner of its own, and nothing in the sentence that it could belong to. That it is a thing of
    /// general knowledge cannot be seen from the words.
    private func openSubject(in words: [String]) -> String? {
        guard !namesSomething, !isAnchored(words) else { return nil }
        if self.words.starts(with: ["is", "there"]) || self.words.starts(with: ["are", "there"]) { return "there" }
        guard let auxiliary = words.firstIndex(where: Self.auxiliaries.contains), auxiliary + 1 < words.count else {
            return nil
        }
        let subject = words[auxiliary + 1]
        // “Can you find me a hotel?” is asked of somebody who knows by now where and when.
        if subject == "you", auxiliary + 2 < words.count, Self.errands.contains(words[auxiliary + 2]) {
            return words[auxiliary + 2]
        }
        if subject == "·" { return nil }
        return Self.ownSubjects.contains(subject) ? nil : subject
    }

    /// Whether a preposition ties the question to something that it names itself; a time ties it to nothing, nor does any
    /// thing of a kind, as in “the price of a ticket”.
    private func isAnchored(_ words: [String]) -> Bool {
        words.indices.contains { index in
            guard Self.anchors.contains(words[index]), let next = words[(index + 1)...].first, next != "a", next != "an"
            else { return false }
            return words[(index + 1)...].contains { !Self.functionWords.contains($0) && !Self.times.contains($0) }
        }
    }

    /// A noun that is taken for known: `the` without a complement behind it.
    private static func definiteNoun(in words: [String]) -> String? {
        for (index, word) in words.enumerated() where word == "the" {
            let rest = words[(index + 1)...]
            guard let noun = rest.first else { return "" }
            if noun == "·" { continue }
            // The complement needs a word of its own, and stands right behind the noun and its attributes.
            let complement = rest.dropFirst().prefix(3).firstIndex { definiteComplements.contains($0) }
            if complement.map({ $0 + 1 < words.count }) != true { return noun }
        }
        return nil
    }
}

/// Words and phrases of a table, found in a list of words.
private struct Phrases {
    private let byFirstWord: [String: [[String]]]

    init(_ phrases: [String]) {
        let split = phrases.map { $0.split(separator: " ").map(String.init) }
        byFirstWord = Dictionary(grouping: split) { $0[0] }
    }

    func matches(in words: [String]) -> [Range<Int>] {
        words.indices.compactMap { start in
            byFirstWord[words[start]]?.first { words[start...].starts(with: $0) }.map { start..<start + $0.count }
        }
    }

    func opening(of words: [String]) -> String? {
        guard let first = words.first else { return nil }
        return byFirstWord[first]?.first { words.starts(with: $0) }?.joined(separator: " ")
    }
}
