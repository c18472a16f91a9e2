import Foundation

/// Numbers from 0, each *k* drawn with a probability in proportion to 1 / (*k* + 1)^skew.
struct ZipfDistribution {
    private let cumulative: [Double]

    init(count: Int, skew: Double) {
        var sum = 0.0
        cumulative = (0..<count).map { rank in
            sum += pow(Double(rank + 1), -skew)
            return sum
        }
    }

    /// The probability that one of the first numbers is drawn.
    func probability(ofFirst count: Int) -> Double { cumulative[count - 1] / cumulative[cumulative.count - 1] }

    func next(using generator: inout some RandomNumberGenerator) -> Int {
        let target = Double.random(in: 0..<cumulative[cumulative.count - 1], using: &generator)
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] <= target { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
