/// In how many questions of a namespace a word was seen, in a table of fixed size.
///
/// Words share a cell when their digests collide, which makes a rare word look a little commoner than it is.
package struct DocumentFrequencies: Sendable, Codable {
    private static let cellCount = 8192
    private var counts: [UInt32]
    /// The number of questions seen.
    package private(set) var questionCount: UInt32 = 0

    /// Creates a table of a namespace without questions.
    package init() { counts = Array(repeating: 0, count: Self.cellCount) }

    /// Whether a word's digest always leads to a cell: what was stored may be damaged.
    var isSound: Bool { counts.count == Self.cellCount }

    /// Counts the words of a question.
    package mutating func add(_ question: AnalyzedText) {
        questionCount &+= 1
        for stem in question.features.stems { counts[Int(stem) & (Self.cellCount - 1)] &+= 1 }
    }

    /// How rare a word is: 1 for one never seen, near 0 for one in every question.
    @inline(__always)
    func rarity(of stem: UInt32) -> Float {
        let total = Float(questionCount) + 1
        guard total > 2 else { return 1 }
        return naturalLogarithm(total / (Float(counts[Int(stem) & (Self.cellCount - 1)]) + 1)) / naturalLogarithm(total)
    }
}
