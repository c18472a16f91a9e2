/// How the vectors of a sequence's tokens become one.
enum Pooling: String, Sendable {
    /// Their mean.
    case mean
    /// The vector of the first token, `[CLS]`.
    case classifier = "cls"

    /// Pools `length` rows of `width` floats.
    func apply(to rows: UnsafePointer<Float>, length: Int, width: Int) -> [Float] {
        var pooled = Array(UnsafeBufferPointer(start: rows, count: width))
        guard self == .mean else { return pooled }
        pooled.withUnsafeMutableBufferPointer { pooled in
            for row in 1..<max(length, 1) {
                let values = rows + row * width
                for index in 0..<width { pooled[index] += values[index] }
            }
            for index in 0..<width { pooled[index] /= Float(length) }
        }
        return pooled
    }
}
