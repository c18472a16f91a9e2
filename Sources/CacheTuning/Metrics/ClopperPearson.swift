internal import Glibc

/// Exact bounds of a binomial rate (Clopper and Pearson 1934).
public enum ClopperPearson {
    /// The rate that is exceeded with a probability of at most `1 − confidence`, after `errors` in `count` trials.
    ///
    /// - Complexity: O(√*count*) for each of sixty bisections.
    public static func upperBound(errors: Int, count: Int, confidence: Double = 0.95) -> Double {
        guard count > 0, errors < count else { return 1 }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if cumulative(errors, count, middle) > 1 - confidence { low = middle } else { high = middle }
        }
        return high
    }

    /// The rates among which the true one is with a probability of at least `confidence`, after `errors` in `count` trials.
    ///
    ///     ClopperPearson.interval(errors: 0, count: 15)       // (0, 0.218): fifteen without an error prove little
    ///
    /// - Complexity: O(√*count*) for each of sixty bisections, twice.
    public static func interval(errors: Int, count: Int, confidence: Double = 0.95) -> (lower: Double, upper: Double) {
        let oneSided = (1 + confidence) / 2
        return (
            1 - upperBound(errors: count - errors, count: count, confidence: oneSided),
            upperBound(errors: errors, count: count, confidence: oneSided)
        )
    }

    /// Whether ``upperBound(errors:count:confidence:)`` at a confidence of `1 − risk` is at most `bound`.
    ///
    /// - Complexity: O(√*count*): one look instead of sixty.
    static func isSure(errors: Int, count: Int, bound: Double, risk: Double) -> Bool {
        guard bound < 1 else { return true }
        // Whoever saw more than the bound is not sure to be within it.
        guard count > 0, Double(errors) <= bound * Double(count) else { return false }
        return cumulative(errors, count, bound) <= risk
    }

    /// The probability of at most `errors` in `count` trials.
    ///
    /// Summed from the largest term on, where terms fall ever faster: upwards or downwards, whichever side of the mode it is.
    private static func cumulative(_ errors: Int, _ count: Int, _ rate: Double) -> Double {
        guard rate > 0, errors < count else { return 1 }
        guard rate < 1 else { return 0 }
        let odds = rate / (1 - rate)
        let isBelowMode = Double(errors) < Double(count + 1) * rate
        var k = isBelowMode ? errors : errors + 1
        var term = exp(logProbability(k, count, rate))
        var sum = 0.0
        while term > sum * 1e-16 {
            sum += term
            if isBelowMode {
                term *= Double(k) / (Double(count - k + 1) * odds)
                k -= 1
            } else {
                term *= Double(count - k) / Double(k + 1) * odds
                k += 1
            }
        }
        return isBelowMode ? min(1, sum) : max(0, 1 - sum)
    }

    /// The logarithm of the probability of exactly `errors` in `count` trials.
    private static func logProbability(_ errors: Int, _ count: Int, _ rate: Double) -> Double {
        func logFactorial(_ number: Int) -> Double {
            var sign: Int32 = 0
            return lgamma_r(Double(number) + 1, &sign)
        }
        return logFactorial(count) - logFactorial(errors) - logFactorial(count - errors)
            + Double(errors) * log(rate) + Double(count - errors) * log1p(-rate)
    }
}
