internal import Glibc

/// Exact bounds of a binomial rate (Clopper and Pearson 1934).
public enum ClopperPearson {
    /// The rate that is exceeded with a probability of at most `1 − confidence`, after `errors` in `count` trials.
    ///
    /// - Complexity: O(*errors*) for each of sixty bisections.
    public static func upperBound(errors: Int, count: Int, confidence: Double = 0.95) -> Double {
        guard count > 0, errors < count else { return 1 }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if cumulative(errors, count, middle) > 1 - confidence { low = middle } else { high = middle }
        }
        return high
    }

    /// The probability of at most `errors` in `count` trials.
    private static func cumulative(_ errors: Int, _ count: Int, _ rate: Double) -> Double {
        guard rate > 0 else { return 1 }
        guard rate < 1 else { return 0 }
        var logTerm = Double(count) * log1p(-rate)
        var sum = exp(logTerm)
        for k in 0..<errors {
            logTerm += log(Double(count - k) / Double(k + 1)) + log(rate) - log1p(-rate)
            sum += exp(logTerm)
        }
        return min(1, sum)
    }
}
