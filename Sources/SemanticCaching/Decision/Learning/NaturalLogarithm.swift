/// The natural logarithm of a positive number, to six digits, from its exponent and a short series of atanh.
///
/// Features need no more digits, and the same ones on every platform.
@inline(__always)
func naturalLogarithm(_ x: Float) -> Float {
    let y = (x.significand - 1.4142135) / (x.significand + 1.4142135)
    let square = y * y
    return (Float(x.exponent) + 0.5) * 0.6931472 + 2 * y
        * (1 + square * (0.33333334 + square * (0.2 + square * 0.14285715)))
}
