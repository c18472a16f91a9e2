/// How likely an answer is wrong at a score: falling with the score, by isotonic regression.
///
/// Pool-adjacent-violators (Ayer et al. 1955) over labelled rows; each block is shrunk towards the model's own estimate by
/// some pseudo-rows and knows its standard error. Labels of a judge that errs are corrected before: see ``JudgeReliability``.
public struct ErrorCurve: Hashable, Sendable, Codable {
    /// The lowest score of each block, falling.
    private(set) var lowestScores: [Double] = []
    /// The error of each block, rising.
    private(set) var errors: [Double] = []
    /// The variance of each block's error.
    private(set) var variances: [Double] = []

    /// Creates the curve of scores and what was judged.
    ///
    /// - Parameters:
    ///   - wrong: 1 for wrong, 0 for right; corrected for a noisy judge it may lie outside.
    ///   - labelVariance: what the judge's own errors add to the variance of one label.
    ///   - pseudoRows: the weight of the model's estimate in each block, in rows.
    /// - Complexity: O(*n* log *n*).
    init(scores: [Double], wrong: [Double], labelVariance: Double, pseudoRows: Double) {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var blocks: [(wrong: Double, count: Double, modelled: Double, lowest: Double)] = []
        for index in order {
            blocks.append((wrong[index], 1, 1 - LogisticModel.probability(scores[index]), scores[index]))
            while blocks.count > 1 {
                let last = blocks[blocks.count - 1]
                let previous = blocks[blocks.count - 2]
                guard previous.wrong * last.count >= last.wrong * previous.count else { break }
                blocks.removeLast()
                blocks[blocks.count - 1] = (
                    previous.wrong + last.wrong, previous.count + last.count, previous.modelled + last.modelled,
                    last.lowest
                )
            }
        }
        var highest = 0.0
        for block in blocks {
            let total = block.count + pseudoRows
            let observed = max(0, block.wrong)
            let error = min(1, (observed + pseudoRows * block.modelled / block.count) / total)
            highest = max(highest, error)
            lowestScores.append(block.lowest)
            errors.append(highest)
            variances.append((max(highest * (1 - highest), 1e-4) + labelVariance) / total)
        }
    }

    /// Creates the curve through points that were measured elsewhere, from the surest score down.
    init(points: [(score: Double, error: Double)]) {
        for point in points {
            lowestScores.append(point.score)
            errors.append(max(errors.last ?? 0, point.error))
            variances.append(0)
        }
    }

    /// Whether every score has its block: what was stored may be damaged.
    var isSound: Bool {
        func isProbability(_ value: Double) -> Bool { (0...1).contains(value) }
        return errors.count == lowestScores.count && variances.count == lowestScores.count
            && lowestScores.allSatisfy(\.isFinite) && errors.allSatisfy(isProbability)
            && variances.allSatisfy { $0.isFinite && $0 >= 0 }
            && zip(lowestScores, lowestScores.dropFirst()).allSatisfy { $0 >= $1 }
            && zip(errors, errors.dropFirst()).allSatisfy { $0 <= $1 }
    }

    /// The block that a score falls into.
    func block(of score: Double) -> Int {
        var low = 0
        var high = lowestScores.count - 1
        while low < high {
            let middle = (low + high) / 2
            if lowestScores[middle] <= score { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The estimated error at a score; 1 without labels.
    public func error(at score: Double) -> Double { errors.isEmpty ? 1 : errors[block(of: score)] }

    /// The lowest score at which the error alone keeps a budget, whatever is asked.
    func level(forErrorOf budget: Double) -> Double {
        errors.lastIndex { $0 <= budget }.map { lowestScores[$0] } ?? Self.unreachable
    }

    /// Log-odds that no hit reaches; finite, so that it survives JSON.
    static let unreachable = 1e6

    /// The lowest score down to which the wrong answers among all requests stay within a budget.
    ///
    /// Requests are served from the surest down (Neyman and Pearson), and their expected errors added up; on top come some
    /// standard errors of the sum, so that a curve from few labels, and a bound of few errors, serve less.
    ///
    /// - Parameters:
    ///   - requests: the scores of recent requests, hits and misses.
    ///   - budget: wrong answers per request.
    func level(for requests: [Double], budget: Double, standardErrors: Double) -> Double {
        guard !errors.isEmpty, !requests.isEmpty else { return Self.unreachable }
        var tally = Tally(of: self)
        var level = Self.unreachable
        for score in requests.sorted(by: >) {
            tally.add(score, weight: 1)
            guard tally.upperLimit(standardErrors) <= budget * Double(requests.count) else { break }
            level = score
        }
        return level
    }

    /// The lowest score down to which the wrong answers among all hits stay within a budget.
    ///
    /// A share of hits is harder to keep than one of requests, as hits begin with few: with a hundred of them a single wrong one
    /// is 1 %. So the hits there were are counted together with those that are to be expected before the next fit, and the margin
    /// is wider. A namespace where that leaves no room serves nothing yet.
    ///
    /// - Parameters:
    ///   - hits: the scores of those requests that were served.
    ///   - horizon: the number of requests until the next fit.
    ///   - budget: wrong answers per hit.
    func level(
        forHitsOf requests: [Double],
        hits: [Double],
        horizon: Int,
        budget: Double,
        standardErrors: Double
    ) -> Double {
        guard !errors.isEmpty, !requests.isEmpty else { return Self.unreachable }
        let weight = Double(horizon) / Double(max(horizon, requests.count))
        var tally = Tally(of: self)
        for score in hits { tally.add(score, weight: 1) }
        var level = Self.unreachable
        for score in requests.sorted(by: >) {
            tally.add(score, weight: weight)
            if tally.upperLimit(standardErrors) <= budget * tally.count { level = score }
        }
        return level
    }

    /// The wrong answers to be expected of served requests, and how far the expectation may be off.
    private struct Tally {
        private let curve: ErrorCurve
        private var counts: [Double]
        private(set) var count = 0.0
        private var expected = 0.0
        private var variance = 0.0

        init(of curve: ErrorCurve) {
            self.curve = curve
            counts = Array(repeating: 0, count: curve.errors.count)
        }

        mutating func add(_ score: Double, weight: Double) {
            let block = curve.block(of: score)
            count += weight
            expected += weight * curve.errors[block]
            // Requests of one block share its error, so that theirs add up before they are squared.
            variance += (2 * counts[block] + weight) * weight * curve.variances[block]
            counts[block] += weight
        }

        /// The curve may be wrong, and where few are served chance alone may double their errors (nearly Poisson's).
        func upperLimit(_ standardErrors: Double) -> Double {
            expected + standardErrors * (variance + expected).squareRoot()
        }
    }
}
