internal import Glibc

/// A logistic regression: `P(right) = 1 / (1 + exp(-(weights · features + intercept)))`.
///
/// Fitted by Newton's method (iteratively reweighted least squares) with a ridge penalty and step halving: an undamped step
/// on a saturated model diverges. Weights with a demanded sign are held at zero when the fit would leave it.
public struct LogisticModel: Hashable, Sendable, Codable {
    /// One weight per feature.
    public var weights: [Double]
    /// The log-odds of a row of zeros.
    public var intercept: Double

    /// Creates a model.
    public init(weights: [Double], intercept: Double) {
        self.weights = weights
        self.intercept = intercept
    }

    /// Whether it weighs every feature, and finitely: what was stored may be damaged.
    var isSound: Bool {
        weights.count == PolicyFeature.count && weights.allSatisfy(\.isFinite) && intercept.isFinite
    }

    /// The model with all its weights smaller or larger.
    func scaled(by factor: Double) -> LogisticModel {
        LogisticModel(weights: weights.map { $0 * factor }, intercept: intercept * factor)
    }

    /// The log-odds of a row.
    @inline(__always)
    package func score(_ row: UnsafeBufferPointer<Float>) -> Double {
        var sum = intercept
        for index in 0..<weights.count { sum += weights[index] * Double(row[index]) }
        return sum
    }

    /// The log-odds of a row.
    public func score(_ row: [Float]) -> Double {
        precondition(row.count == weights.count, "a row has as many features as the model has weights")
        return row.withUnsafeBufferPointer(score)
    }

    /// The probability that belongs to log-odds.
    public static func probability(_ score: Double) -> Double { 1 / (1 + exp(-max(-30, min(30, score)))) }
}

/// Rows of features with targets, from which a model is fitted.
struct LogisticProblem {
    /// The rows, one behind the other.
    let rows: [Float]
    /// What each row should come to: 1 for right, 0 for wrong; corrected for a noisy judge it may lie outside.
    let targets: [Double]
    /// The rows to use.
    let indices: [Int]
    /// The number of features.
    let width: Int
    /// The strength of the penalty.
    let ridge: Double
    /// The sign that each weight must keep, or 0.
    let signs: [Int]
    /// What the penalty pulls towards; by default no weight at all.
    var anchor: LogisticModel?

    /// Fits a model, beginning at another one.
    ///
    /// - Complexity: O(*n* · *d*² + *d*³) for each of a handful of steps.
    func fit(from start: LogisticModel, steps: Int = 15) -> LogisticModel {
        var held = [Bool](repeating: false, count: width)
        var model = start
        for _ in 0..<4 {
            for index in 0..<width where held[index] { model.weights[index] = 0 }
            model = newton(from: model, held: held, steps: steps)
            var hasChanged = false
            for index in 0..<width
            where signs[index] != 0 && !held[index] && model.weights[index] * Double(signs[index]) < 0 {
                held[index] = true
                hasChanged = true
            }
            if !hasChanged { return model }
        }
        for index in 0..<width where model.weights[index] * Double(signs[index]) < 0 { model.weights[index] = 0 }
        return model
    }

    private func newton(from start: LogisticModel, held: [Bool], steps: Int) -> LogisticModel {
        let size = width + 1
        var beta = start.weights + [start.intercept]
        var objective = self.objective(beta)
        var gradient = [Double](repeating: 0, count: size)
        var hessian = [Double](repeating: 0, count: size * size)
        for _ in 0..<steps {
            accumulate(beta, &gradient, &hessian)
            for index in 0..<width where held[index] {
                gradient[index] = 0
                for other in 0..<size {
                    hessian[index * size + other] = 0
                    hessian[other * size + index] = 0
                }
                hessian[index * size + index] = 1
            }
            guard let direction = Cholesky.solve(hessian, gradient) else { break }
            var length = 1.0
            var improved: (beta: [Double], objective: Double)?
            while length > 1e-4 {
                let candidate = zip(beta, direction).map { $0 - length * $1 }
                let value = self.objective(candidate)
                if value <= objective {
                    improved = (candidate, value)
                    break
                }
                length /= 2
            }
            guard let improved else { break }
            beta = improved.beta
            let gain = objective - improved.objective
            objective = improved.objective
            if gain < 1e-6 * (1 + abs(objective)) { break }
        }
        return LogisticModel(weights: Array(beta[..<width]), intercept: beta[width])
    }

    private func penalty(_ index: Int) -> Double { index == width ? ridge * 0.01 : ridge }

    private func anchored(_ index: Int) -> Double {
        guard let anchor else { return 0 }
        return index == width ? anchor.intercept : anchor.weights[index]
    }

    /// The penalised negative log-likelihood.
    private func objective(_ beta: [Double]) -> Double {
        var sum = 0.0
        for index in beta.indices {
            let distance = beta[index] - anchored(index)
            sum += 0.5 * penalty(index) * distance * distance
        }
        rows.withUnsafeBufferPointer { rows in
            beta.withUnsafeBufferPointer { beta in
                for index in indices {
                    let z = score(rows, index, beta)
                    sum += max(z, 0) + log1p(exp(-abs(z))) - targets[index] * z
                }
            }
        }
        return sum
    }

    @inline(__always)
    private func score(_ rows: UnsafeBufferPointer<Float>, _ index: Int, _ beta: UnsafeBufferPointer<Double>) -> Double
    {
        var sum = beta[width]
        let start = index * width
        for feature in 0..<width { sum += beta[feature] * Double(rows[start + feature]) }
        return sum
    }

    private func accumulate(_ beta: [Double], _ gradient: inout [Double], _ hessian: inout [Double]) {
        let size = width + 1
        for index in 0..<size { gradient[index] = penalty(index) * (beta[index] - anchored(index)) }
        for index in hessian.indices { hessian[index] = 0 }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { row in
            rows.withUnsafeBufferPointer { rows in
                beta.withUnsafeBufferPointer { beta in
                    hessian.withUnsafeMutableBufferPointer { hessian in
                        gradient.withUnsafeMutableBufferPointer { gradient in
                            for index in indices {
                                for feature in 0..<width { row[feature] = Double(rows[index * width + feature]) }
                                row[width] = 1
                                let p = LogisticModel.probability(score(rows, index, beta))
                                let residual = p - targets[index]
                                let weight = max(p * (1 - p), 1e-6)
                                for i in 0..<size where row[i] != 0 {
                                    gradient[i] += residual * row[i]
                                    let scaled = weight * row[i]
                                    let start = i * size
                                    for j in i..<size { hessian[start + j] += scaled * row[j] }
                                }
                            }
                        }
                    }
                }
            }
        }
        for i in 0..<size {
            hessian[i * size + i] += penalty(i) + 1e-6
            for j in 0..<i { hessian[i * size + j] = hessian[j * size + i] }
        }
    }
}

/// Solves small symmetric positive definite systems.
enum Cholesky {
    /// The solution of `matrix · x = right`, or nil if the matrix is not positive definite.
    ///
    /// - Complexity: O(*d*³).
    static func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
        let size = right.count
        var factor = matrix
        for column in 0..<size {
            var pivot = factor[column * size + column]
            for k in 0..<column { pivot -= factor[column * size + k] * factor[column * size + k] }
            guard pivot > 0 else { return nil }
            let root = pivot.squareRoot()
            factor[column * size + column] = root
            for row in column + 1..<max(size, column + 1) {
                var value = factor[row * size + column]
                for k in 0..<column { value -= factor[row * size + k] * factor[column * size + k] }
                factor[row * size + column] = value / root
            }
        }
        var solution = right
        for row in 0..<size {
            for k in 0..<row { solution[row] -= factor[row * size + k] * solution[k] }
            solution[row] /= factor[row * size + row]
        }
        for row in (0..<size).reversed() {
            for k in row + 1..<max(size, row + 1) { solution[row] -= factor[k * size + row] * solution[k] }
            solution[row] /= factor[row * size + row]
        }
        return solution
    }
}
