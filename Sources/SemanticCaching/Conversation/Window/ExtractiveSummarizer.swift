/// Sums up without a model, by keeping the sentences that say most.
///
///     let summary = try await ExtractiveSummarizer().summarize(messages, after: nil, maximumTokens: 160)
///
/// Sentences are taken by the mean weight of their words, which falls for words that are in the summary already (SumBasic:
/// Nenkova and Vanderwende, "The Impact of Frequency on Summarization", MSR-TR-2005-101), and are kept in their order.
/// Sentences with numbers and names weigh more, as do those of the former summary and the user. It needs no network and
/// says nothing that was not said; it is no match for a model that understands.
public struct ExtractiveSummarizer: Summarizer {
    /// The version of the rules.
    public let id = "extractive/2"
    private let counter: any TokenCounter

    /// Creates a summarizer that measures its length with a counter.
    public init(counter: any TokenCounter = EstimatedTokenCounter()) { self.counter = counter }

    private struct Sentence {
        let text: String
        let words: [String]
        let weight: Double
        let tokens: Int
    }

    /// Picks the sentences that say most.
    ///
    /// - Complexity: O(*s*² · *w*) for *s* sentences of *w* words.
    public func summarize(_ messages: [ChatMessage], after former: String?, maximumTokens: Int) async throws -> Summary
    {
        var sentences: [Sentence] = []
        if let former {
            // What was worth keeping once should not lose at once against what has just been said.
            sentences += former.split(separator: "\n").map { makeSentence(String($0), weight: 1.5) }
        }
        for message in messages where message.role != .tool {
            let speaker = Self.speaker(message.role)
            let weight = message.role == .user ? 1.2 : 1
            for sentence in Self.sentences(of: message.transcriptText) {
                sentences.append(makeSentence("\(speaker): \(sentence)", weight: weight))
            }
        }
        return Summary(text: Self.pick(sentences, maximumTokens: maximumTokens).joined(separator: "\n"))
    }

    private static let speakers = ["User", "Assistant", "System"]

    private static func speaker(_ role: ChatRole) -> String {
        switch role {
        case .user: "User"
        case .assistant: "Assistant"
        case .system, .developer: "System"
        default: role.rawValue
        }
    }

    private func makeSentence(_ text: String, weight: Double) -> Sentence {
        // Who speaks says nothing of what is said.
        let speaker = Self.speakers.first { text.hasPrefix($0 + ": ") } ?? ""
        let words = Self.words(of: String(text.dropFirst(speaker.count)))
        // A number or a name late in a sentence is what a later question asks for.
        let facts = text.split(separator: " ").dropFirst(2).count { word in
            word.contains(where: \.isNumber) || word.first?.isUppercase == true
        }
        return Sentence(
            text: text,
            words: words,
            weight: weight * (1 + 0.25 * Double(min(facts, 4))),
            tokens: counter.count(text) + 1
        )
    }

    private static func pick(_ sentences: [Sentence], maximumTokens: Int) -> [String] {
        let total = Double(max(1, sentences.reduce(0) { $0 + $1.words.count }))
        var probability: [String: Double] = [:]
        for word in sentences.flatMap(\.words) { probability[word, default: 0] += 1 / total }
        var remaining = maximumTokens
        var open = Set(sentences.indices.filter { !sentences[$0].words.isEmpty })
        var chosen: [Int] = []
        while !open.isEmpty {
            func value(_ index: Int) -> Double {
                let words = sentences[index].words
                return sentences[index].weight * words.reduce(0) { $0 + (probability[$1] ?? 0) } / Double(words.count)
            }
            // Ties go to the earlier sentence, so that the summary is the same on every machine.
            let fitting = open.filter { sentences[$0].tokens <= remaining }.sorted()
            guard let first = fitting.first else { break }
            var best = (index: first, value: value(first))
            for index in fitting.dropFirst() {
                let value = value(index)
                if value > best.value { best = (index, value) }
            }
            open.remove(best.index)
            chosen.append(best.index)
            remaining -= sentences[best.index].tokens
            for word in Set(sentences[best.index].words) { probability[word] = probability[word].map { $0 * $0 } }
        }
        return chosen.sorted().map { sentences[$0].text }
    }

    private static func words(of text: String) -> [String] {
        let words: [Substring] = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        // Short words of the Latin alphabet say little; a single ideograph is a word.
        return words.filter { $0.count > 2 || !$0.allSatisfy(\.isASCII) }.map(String.init)
    }

    private static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        for (character, next) in zip(text, text.dropFirst().map(Optional.some) + [nil]) {
            current.append(character == "\n" ? " " : character)
            let ends = "。！？\n".contains(character) || (".!?".contains(character) && next?.isWhitespace != false)
            guard ends || next == nil else { continue }
            let sentence = current.trimmingSpace()
            if !sentence.isEmpty { sentences.append(sentence) }
            current = ""
        }
        return sentences
    }
}
