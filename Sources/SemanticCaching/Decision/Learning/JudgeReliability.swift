/// How often a judge errs, from judgements that were repeated or corrected.
///
/// A judge that calls 5 % of the right answers wrong makes every answer look at least 5 % wrong. Knowing that, a label `y` (1
/// for wrong) counts as `(y − a) / (1 − a − b)`, which has the true mean (Natarajan et al. 2013), for the rates `a` of right
/// answers called wrong and `b` of wrong ones called right. The estimates are lower bounds: an overestimate would hide errors.
public struct JudgeReliability: Hashable, Sendable, Codable {
    private var rightSeen = 0.0
    private var rightCalledWrong = 0.0
    private var wrongSeen = 0.0
    private var wrongCalledRight = 0.0

    /// Creates the record of a judge that nobody checked: it is taken at its word.
    public init() {}

    /// Whether the record counts something: what was stored may be damaged.
    var isSound: Bool {
        func isPart(_ part: Double, of whole: Double) -> Bool { part >= 0 && part <= whole && whole < 0x1p53 }
        return isPart(rightCalledWrong, of: rightSeen) && isPart(wrongCalledRight, of: wrongSeen)
    }

    /// Adds a judgement whose truth is known, from a person for example.
    public mutating func record(judgedRight: Bool, isRight: Bool) {
        if isRight {
            rightSeen += 1
            if !judgedRight { rightCalledWrong += 1 }
        } else {
            wrongSeen += 1
            if judgedRight { wrongCalledRight += 1 }
        }
    }

    /// Adds three independent judgements of one pair: the majority stands for the truth.
    ///
    /// A judge that repeats its errors passes for faultless; only truths from elsewhere find those.
    public mutating func record(first: Bool, second: Bool, third: Bool) {
        let majority = (first && second) || (third && (first || second))
        for judged in [first, second, third] { record(judgedRight: judged, isRight: majority) }
    }

    /// The share of right answers that the judge calls wrong, bounded from below.
    public var falseWrong: Double { Self.lowerBound(rightCalledWrong, rightSeen) }
    /// The share of wrong answers that the judge calls right, as far as it is known: at least what was seen.
    public var falseRight: Double { wrongSeen >= 20 ? min(0.3, wrongCalledRight / wrongSeen) : 0 }

    /// The number of judgements that were checked.
    public var checkedCount: Int { Int(rightSeen + wrongSeen) }

    private static func lowerBound(_ errors: Double, _ total: Double) -> Double {
        guard total >= 20 else { return 0 }
        let rate = errors / total
        return max(0, min(0.3, rate - (rate * (1 - rate) / total).squareRoot()))
    }
}
