/// Takes what the guards find in a pair of questions.
protocol GuardSink {
    /// Notes a difference; `isConflict` if the two exclude each other, not merely if one of them says more.
    mutating func note(_ kind: GuardSet, isConflict: Bool, asked: SourceRange?, stored: SourceRange?)
}

/// The guards that found something, without the words: what a decision needs, free of allocations.
package struct GuardFlags: GuardSink, Hashable, Sendable {
    /// The guards that found the two to exclude each other.
    package var conflicts: GuardSet = []
    /// The guards that found something on one side only.
    package var doubts: GuardSet = []

    /// Creates flags of a pair in which no guard finds anything.
    package init() {}

    mutating func note(_ kind: GuardSet, isConflict: Bool, asked: SourceRange?, stored: SourceRange?) {
        if isConflict { conflicts.insert(kind) } else { doubts.insert(kind) }
    }
}

/// The words behind the findings, in the order of the guards.
struct FindingSink: GuardSink {
    private(set) var findings: [GuardFinding] = []
    private let asked: AnalyzedText
    private let stored: AnalyzedText
    private let settings: GuardSettings

    init(asked: AnalyzedText, stored: AnalyzedText, settings: GuardSettings) {
        self.asked = asked
        self.stored = stored
        self.settings = settings
    }

    mutating func note(_ kind: GuardSet, isConflict: Bool, asked: SourceRange?, stored: SourceRange?) {
        guard settings.enabled.isSuperset(of: kind), let name = kind.names.first else { return }
        let isVeto = isConflict && settings.vetoing.isSuperset(of: kind)
        let index: Int
        if let known = findings.firstIndex(where: { $0.guardName == name }) {
            index = known
        } else {
            index = findings.count
            findings.append(GuardFinding(guardName: name, asked: [], stored: [], isVeto: false))
        }
        if isVeto { findings[index].isVeto = true }
        if let asked { Self.add(self.asked.quote(asked), to: &findings[index].asked) }
        if let stored { Self.add(self.stored.quote(stored), to: &findings[index].stored) }
    }

    private static func add(_ word: String, to words: inout [String]) {
        if !words.contains(word) { words.append(word) }
    }
}
