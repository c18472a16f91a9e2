/// How sure a fit must be of an error rate that it saw on so many requests.
public enum RiskBound: String, CaseIterable, Hashable, Sendable {
    /// The rate that was seen, at its word.
    case plugIn = "plug-in"
    /// Conformal risk control (Angelopoulos et al., arXiv 2208.02814): the expected rate of the next request.
    case conformal
    /// The exact binomial bound at 95 % (Clopper and Pearson 1934): the rate itself, with that confidence.
    case clopperPearson = "clopper-pearson"

    /// The bound after `errors` in `count` requests.
    ///
    /// - Complexity: O(√*count*) for each of sixty bisections of the exact bound, else O(1).
    public func bound(errors: Int, count: Int) -> Double {
        guard count > 0 else { return 1 }
        switch self {
        case .plugIn: return Double(errors) / Double(count)
        case .conformal: return Double(errors + 1) / Double(count + 1)
        case .clopperPearson: return ClopperPearson.upperBound(errors: errors, count: count)
        }
    }
}
