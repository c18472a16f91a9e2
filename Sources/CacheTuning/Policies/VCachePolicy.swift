internal import Glibc
internal import SemanticCaching

/// The policy of vCache, written from its paper alone (Schroeder et al., arXiv 2502.03771), for comparison.
///
/// Each stored question keeps the similarities at which it was judged right or wrong, begun with (0, wrong) and (1, right).
/// From six on, a logistic curve with a threshold is fitted to them; over a range of confidences its threshold is moved up by
/// its uncertainty, and the answer is served with a probability that keeps the wrong answers per request within `delta`. Below
/// that it asks the model, learns from the judge, and stores the question only if the judge says no.
public struct VCachePolicy: ReplayPolicy {
    private struct Observation {
        let similarity: Double
        let isRight: Bool
    }

    private let delta: Double
    private var observations: [Int: [Observation]] = [:]
    private var generator: SplitMix64

    /// Creates the policy for a bound on wrong answers per request.
    public init(delta: Double, seed: UInt64 = 0) {
        self.delta = delta
        // Not the numbers that the order of the requests was drawn with.
        generator = SplitMix64(seed: seed, stream: 1)
    }

    /// Explores or exploits the nearest question.
    public mutating func handle(_ request: ReplayRequest) -> ReplayAction {
        guard let nearest = request.candidates.first else { return .storeNew }
        let history = observations[nearest.row] ?? Self.anchors
        // The paper rounds what it has seen to three digits.
        let similarity = (Double(nearest.similarity) * 1000).rounded() / 1000
        if history.count >= 6, generator.nextUnit() > exploration(similarity, history) { return .serve(0) }
        let isRight = request.isRight(0)
        observations[nearest.row] = history + [Observation(similarity: similarity, isRight: isRight)]
        return isRight ? .drop : .storeNew
    }

    private static let anchors = [
        Observation(similarity: 0, isRight: false), Observation(similarity: 1, isRight: true),
    ]

    /// Fifty confidences, and the normal quantiles of their complements.
    private static let confidences: [(epsilon: Double, quantile: Double)] = (0..<50).map { step in
        let epsilon = 1e-6 + (1 - 2e-6) * Double(step) / 49
        return (epsilon, normalQuantile(1 - epsilon))
    }

    /// The least probability of asking the model that still keeps the bound, over fifty confidences.
    private func exploration(_ similarity: Double, _ history: [Observation]) -> Double {
        let curve = fit(history)
        let deviation = variance(of: curve, history).squareRoot()
        var least = 1.0
        for (epsilon, quantile) in Self.confidences {
            let threshold = min(1, max(0, curve.threshold + quantile * deviation))
            let alpha = (1 - epsilon) * Self.sigmoid(curve.slope * (similarity - threshold))
            least = min(least, alpha >= 1 ? 0 : 1 - delta / (1 - alpha))
        }
        return least
    }

    /// The logistic curve `1 / (1 + exp(-slope · (s − threshold)))` of largest likelihood, by damped Newton steps.
    private func fit(_ history: [Observation]) -> (slope: Double, threshold: Double) {
        var intercept = 0.0
        var slope = 1.0
        func loss(_ b: Double, _ g: Double) -> Double {
            history.reduce(0) { sum, seen in
                let z = b + g * seen.similarity
                return sum + max(z, 0) + log1p(exp(-abs(z))) - (seen.isRight ? z : 0)
            }
        }
        var value = loss(intercept, slope)
        for _ in 0..<100 {
            var gradient = (0.0, 0.0)
            var hessian = (1e-9, 0.0, 1e-9)
            for seen in history {
                let p = Self.sigmoid(intercept + slope * seen.similarity)
                let residual = p - (seen.isRight ? 1 : 0)
                let weight = p * (1 - p)
                gradient.0 += residual
                gradient.1 += residual * seen.similarity
                hessian.0 += weight
                hessian.1 += weight * seen.similarity
                hessian.2 += weight * seen.similarity * seen.similarity
            }
            let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1
            guard determinant > 1e-18 else { break }
            let step = (
                (hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant,
                (hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant
            )
            var length = 1.0
            while length > 1e-6, loss(intercept - length * step.0, slope - length * step.1) > value { length /= 2 }
            guard length > 1e-6 else { break }
            intercept -= length * step.0
            slope -= length * step.1
            let next = loss(intercept, slope)
            let gain = value - next
            value = next
            // Separable histories have no finite maximum: stop where a further step changes nothing.
            if gain < 1e-8 || abs(slope) > 1e4 { break }
        }
        let bounded = max(slope, 1e-6)
        return (bounded, min(1, max(0, -intercept / bounded)))
    }

    /// The variance of the fitted threshold: by the delta method, or for separable histories a value that falls with their length.
    private func variance(of curve: (slope: Double, threshold: Double), _ history: [Observation]) -> Double {
        let lowestRight = history.lazy.filter(\.isRight).map(\.similarity).min() ?? 1
        let highestWrong = history.lazy.filter { !$0.isRight }.map(\.similarity).max() ?? 0
        if lowestRight > highestWrong { return Self.separableVariance(history.count) }
        var information = (1e-9, 0.0, 1e-9)
        for seen in history {
            let p = Self.sigmoid(curve.slope * (seen.similarity - curve.threshold))
            let weight = p * (1 - p)
            information.0 += weight
            information.1 += weight * seen.similarity
            information.2 += weight * seen.similarity * seen.similarity
        }
        let determinant = max(information.0 * information.2 - information.1 * information.1, 1e-12)
        let gradient = (-1 / curve.slope, -curve.threshold / curve.slope)
        let quadratic =
            gradient.0 * gradient.0 * information.2 - 2 * gradient.0 * gradient.1 * information.1
            + gradient.1 * gradient.1 * information.0
        return max(0, quadratic / determinant)
    }

    /// Between the published ends of 0.0354 for six observations and 0.0151 for 48, by the square root of their number.
    private static func separableVariance(_ count: Int) -> Double {
        let bounded = Double(min(max(count, 6), 48))
        let (first, last) = (1 / 6.0.squareRoot(), 1 / 48.0.squareRoot())
        return 0.01513 + (0.035445 - 0.01513) * (1 / bounded.squareRoot() - last) / (first - last)
    }

    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// The quantile of the standard normal distribution, by bisection of the error function.
    static func normalQuantile(_ probability: Double) -> Double {
        var (low, high) = (-8.0, 8.0)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
