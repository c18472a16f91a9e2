internal import Glibc

/// Where tests of ever laxer thresholds begin, and how sure each of them must be, so that all of them together are sure.
///
/// ```
///   accepted   94       141        212            318            (of 1,000, for a bound of 5 %)
///   sequence 1 ├─✓─✓─✓─✗
///   sequence 2          ├─✓─✓─✓─✓─✓─✓─✗
///   sequence 3                     ├─✗
/// ```
///
/// Whoever tests many thresholds and takes the best that passes, passes by luck: of 400 pairs with an error just beyond the
/// bound, some threshold looked sure at 95 % in one of six draws. A sequence that is fixed beforehand and ends with its first
/// failure errs only if its first wrong claim does, however long it is; *s* sequences share the risk (Angelopoulos et al.,
/// Learn then Test, arXiv 2110.01052: fixed sequence testing with several starts). The starts depend on the number of pairs
/// and not on what they are.
struct FixedSequences: Hashable {
    /// The accepted pairs at which a sequence begins: the first number that can pass at all, and each time half as many more.
    let starts: [Int]
    /// The probability of a wrong claim that each sequence may take.
    let risk: Double

    // Closer starts leave each too little risk, farther ones miss the right place: with 2,000 pairs of which a fifth is surely
    // within 3 %, a ratio of 1.5 found it in 52 of 60 draws, 1.25 in 46, 2 in 49 and 4 in 29.
    private static let ratio = 1.5

    /// Plans the sequences for so many pairs.
    init(pairs: Int, bound: Double, risk total: Double = 0.05) {
        func start(_ number: Int, of count: Int) -> Double {
            Self.least(bound, total / Double(count)) * pow(Self.ratio, Double(number))
        }
        var count = 1
        while start(count, of: count + 1) <= Double(pairs) { count += 1 }
        risk = total / Double(count)
        starts = (0..<count).map { start($0, of: count) }.filter { $0 <= Double(pairs) }.map { Int($0.rounded(.up)) }
    }

    /// The pairs without a mistake that are sure to be within the bound.
    private static func least(_ bound: Double, _ risk: Double) -> Double {
        guard bound > 0 else { return .infinity }
        return bound < 1 ? max(1, (log(risk) / log1p(-bound)).rounded(.up)) : 1
    }
}
