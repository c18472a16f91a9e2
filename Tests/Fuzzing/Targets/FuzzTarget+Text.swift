@testable import SemanticCaching

extension FuzzTarget {
    /// A pattern, a line end, a question: refused, or it matches in time; a quoted text matches itself.
    static let questionPattern = FuzzTarget(name: "question-pattern") { bytes in
        let (pattern, questionBytes) = bytes.halves(at: UInt8(ascii: "\n"))
        let text = String(decoding: pattern, as: UTF8.self)
        let question = String(decoding: questionBytes, as: UTF8.self)
        _ = (try? QuestionPattern(regularExpression: text))?.matches(question)
        _ = (try? QuestionPattern(glob: text))?.matches(question)
        for kind in QuestionPattern.Kind.allCases {
            guard let quoted = try? QuestionPattern(kind, QuestionPattern.quoting(text, for: kind)) else { continue }
            try demand(quoted.matches(text), "a quoted text does not match itself as \(kind)")
        }
    }

    /// The condition of an event rule.
    static let eventRule = FuzzTarget(name: "event-rule") { bytes in
        guard let rule = try? EventRule(on: "updated", where: String(decoding: bytes, as: UTF8.self)) else { return }
        guard let selector = try? rule.selector(for: CacheEvent("updated", ["id": "42", "product": "*"])) else {
            return
        }
        _ = selector.question?.matches("What does product * cost?")
    }

    /// Two questions: a question never contradicts itself, and it does not matter which of two came first.
    static let guards = FuzzTarget(name: "guards") { bytes in
        let (first, second) = bytes.halves(at: UInt8(ascii: "\n"))
        let asked = AnalyzedText(String(decoding: first, as: UTF8.self))
        let stored = AnalyzedText(String(decoding: second, as: UTF8.self))
        let again = AnalyzedText(String(decoding: first, as: UTF8.self))
        let own = PairGuards.flags(asked: asked, stored: again).conflicts
        try demand(own.isEmpty, "a question contradicts itself: \(own)")
        let forth = PairGuards.flags(asked: asked, stored: stored).conflicts
        let back = PairGuards.flags(asked: stored, stored: asked).conflicts
        try demand(forth == back, "the guards depend on which of two questions came first: \(forth), \(back)")
        for finding in PairGuards.findings(asked: asked, stored: stored) { _ = String(describing: finding) }
    }
}
