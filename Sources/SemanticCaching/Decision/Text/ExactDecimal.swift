/// A decimal number without rounding: `mantissa · 10^exponent`, the mantissa not divisible by ten.
///
///     ExactDecimal(mantissa: 1_500, exponent: -1) == ExactDecimal(mantissa: 150, exponent: 0)
///
/// Numbers in questions are compared, never computed with: what does not fit is compared by its digits instead.
package struct ExactDecimal: Hashable, Sendable {
    /// The significant digits.
    package let mantissa: Int64
    /// The power of ten.
    package let exponent: Int16

    /// Creates a number, in its one normal form.
    package init(mantissa: Int64, exponent: Int = 0) {
        var mantissa = mantissa
        var exponent = exponent
        while mantissa != 0, mantissa % 10 == 0 {
            mantissa /= 10
            exponent += 1
        }
        self.mantissa = mantissa
        self.exponent = mantissa == 0 ? 0 : Int16(clamping: exponent)
    }

    /// The product, or nil when its digits do not fit.
    package func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: other.mantissa)
        guard !overflow else { return nil }
        return ExactDecimal(mantissa: product, exponent: Int(exponent) + Int(other.exponent))
    }

    /// The sum, or nil when its digits do not fit.
    package func adding(_ other: ExactDecimal) -> ExactDecimal? {
        let low = min(exponent, other.exponent)
        guard let left = scaledMantissa(to: low), let right = other.scaledMantissa(to: low) else { return nil }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : ExactDecimal(mantissa: sum, exponent: Int(low))
    }

    /// The whole number that this is, if it is one that fits.
    package var integer: Int? {
        guard exponent >= 0, let scaled = scaledMantissa(to: 0) else { return nil }
        return Int(scaled)
    }

    private func scaledMantissa(to lower: Int16) -> Int64? {
        var scaled = mantissa
        for _ in 0..<max(0, Int(exponent) - Int(lower)) {
            let (next, overflow) = scaled.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            scaled = next
        }
        return scaled
    }
}
