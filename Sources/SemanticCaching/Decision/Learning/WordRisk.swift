/// How often an answer was judged wrong when a word stood on one side only, in a table of fixed size.
///
/// Which words matter differs between namespaces: a home assistant must tell `kitchen` from `bedroom`, a bank need not. A label is
/// counted after its row was made, so the feature never knows its own row's label.
struct WordRisk: Sendable, Codable {
    private static let cellCount = 4096
    /// The labels' worth of the namespace's own rate that each word begins with.
    private static let priorStrength: Float = 4
    private var right = [Float](repeating: 0, count: cellCount)
    private var wrong = [Float](repeating: 0, count: cellCount)
    private var rightTotal: Float = 1
    private var wrongTotal: Float = 1

    /// Whether every word leads to a cell, and every cell to finite odds: what was stored may be damaged.
    var isSound: Bool {
        func isCount(_ value: Float) -> Bool { value.isFinite && value >= 0 }
        return right.count == Self.cellCount && wrong.count == Self.cellCount && right.allSatisfy(isCount)
            && wrong.allSatisfy(isCount) && isCount(rightTotal - 1) && isCount(wrongTotal - 1)
    }

    /// Adds a label of a pair that differs in these words.
    mutating func record(_ words: [UInt32], isRight: Bool) {
        if isRight { rightTotal += 1 } else { wrongTotal += 1 }
        for word in words {
            if isRight { right[Self.cell(word)] += 1 } else { wrong[Self.cell(word)] += 1 }
        }
    }

    /// The log-odds of wrong for a pair that differs in a word, beyond those of any pair.
    @inline(__always)
    func logOdds(of word: UInt32) -> Float {
        let base = wrongTotal / (rightTotal + wrongTotal)
        let wrongs = wrong[Self.cell(word)] + Self.priorStrength * base
        let rights = right[Self.cell(word)] + Self.priorStrength * (1 - base)
        return naturalLogarithm(wrongs / rights * (1 - base) / base)
    }

    @inline(__always)
    private static func cell(_ word: UInt32) -> Int { Int(word >> 7) & (cellCount - 1) }
}
