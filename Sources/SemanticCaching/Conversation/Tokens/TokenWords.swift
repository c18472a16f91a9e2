/// Cuts a text into the words within which byte-pair encoding joins bytes, by the rules of `cl100k`.
///
/// A word is a contraction's end (`'s`), letters with at most one other character before them, up to three digits,
/// punctuation with a space before and line ends behind it, or white space; of white space before a word, the last
/// character goes with the word.
struct TokenWords {
    /// The longest word, in bytes; a longer one is cut, so that no text makes the joining slow.
    private static let maximumLength = 512

    private enum Kind { case letter, digit, newline, space, other }

    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The bytes of the next word; nil at the end.
    mutating func next() -> [UInt8]? {
        guard index < scalars.count else { return nil }
        let end = min(endOfWord(), index + Self.maximumLength / 4)
        defer { index = end }
        return scalars[index..<end].flatMap { Array(UTF8.encode($0).map(Array.init) ?? []) }
    }

    private func kind(_ position: Int) -> Kind? {
        guard position < scalars.count else { return nil }
        let scalar = scalars[position]
        if scalar == "\n" || scalar == "\r" { return .newline }
        if scalar.properties.isWhitespace { return .space }
        if scalar.properties.isAlphabetic { return .letter }
        return scalar.properties.numericType != nil ? .digit : .other
    }

    private func run(of kind: Kind, from start: Int, limit: Int = .max) -> Int {
        var end = start
        while end - start < limit, self.kind(end) == kind { end += 1 }
        return end
    }

    private func endOfWord() -> Int {
        if let end = endOfContraction() { return end }
        switch kind(index) {
        case .letter?: return run(of: .letter, from: index)
        case .digit?: return run(of: .digit, from: index, limit: 3)
        case .other?:
            if kind(index + 1) == .letter { return run(of: .letter, from: index + 1) }
            return endOfPunctuation(from: index)
        default: return endOfSpace()
        }
    }

    private func endOfContraction() -> Int? {
        guard scalars[index] == "'" else { return nil }
        for suffix in ["s", "t", "m", "d", "re", "ve", "ll"] {
            let end = index + 1 + suffix.unicodeScalars.count
            guard end <= scalars.count else { continue }
            let letters = scalars[index + 1..<end].map { $0.properties.lowercaseMapping }.joined()
            if letters == suffix { return end }
        }
        return nil
    }

    private func endOfPunctuation(from start: Int) -> Int {
        run(of: .newline, from: run(of: .other, from: start))
    }

    private func endOfSpace() -> Int {
        var end = index
        var lastNewline: Int?
        while let kind = kind(end), kind == .space || kind == .newline {
            if kind == .newline { lastNewline = end }
            end += 1
        }
        if let lastNewline { return lastNewline + 1 }
        guard end < scalars.count else { return end }
        guard end - index == 1 else { return end - 1 }
        // The one space before a word belongs to it; before digits it stands alone.
        switch kind(end) {
        case .letter?: return run(of: .letter, from: end)
        case .other? where scalars[index] == " ": return endOfPunctuation(from: end)
        default: return end
        }
    }
}
