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

    /// Log-odds that no hit reaches; finite, so that it survives JSON.
    static let unreachable = 1e6

    /// The lowest score down to which the wrong answers among all requests stay within a budget.
    ///
    /// Requests are served from the surest down (Neyman and Pearson), and their expected errors added up; on top come some
    /// standard errors of the sum, so that a curve from few labels, and a bound of few errors, serve less. Of hits a bound is
    /// harder to keep: they begin with few, so the margin is twice as wide.
    ///
    /// - Parameters:
    ///   - requests: the scores of recent requests, hits and misses.
    ///   - budget: wrong answers per request, or per hit if `perHit`.
    func level(for requests: [Double], budget: Double, standardErrors: Double, perHit: Bool) -> Double {
        guard !errors.isEmpty, !requests.isEmpty else { return Self.unreachable }
        let sorted = requests.sorted(by: >)
        var counts = [Double](repeating: 0, count: errors.count)
        var expected = 0.0
        var variance = 0.0
        var level = Self.unreachable
        for (served, score) in sorted.enumerated() {
            let index = block(of: score)
            expected += errors[index]
            variance += (2 * counts[index] + 1) * variances[index]
            counts[index] += 1
            let base = perHit ? Double(served + 1) : Double(sorted.count)
            // The curve may be wrong, and where few are served chance alone may double their errors (nearly Poisson's).
            let spread = (variance + expected).squareRoot()
            if (expected + (perHit ? 2 : 1) * standardErrors * spread) / base <= budget {
                level = score
            } else if !perHit {
                break
            }
        }
        return level
    }
}
