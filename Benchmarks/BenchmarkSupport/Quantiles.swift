extension [Double] {
    /// The value below which the share of the values lies (nearest rank); not a number if there is none.
    ///
    /// - Complexity: O(*n* log *n*); ask ``quantiles(_:)`` for several.
    package func quantile(_ share: Double) -> Double { quantiles([share])[0] }

    /// The values below which the shares of the values lie (nearest rank).
    package func quantiles(_ shares: [Double]) -> [Double] {
        let sorted = sorted()
        guard !sorted.isEmpty else { return shares.map { _ in .nan } }
        return shares.map { sorted[Int(Double(sorted.count - 1) * $0)] }
    }

    package var median: Double { quantile(0.5) }
}

extension Double {
    /// The number with so many decimal places at most, for tables.
    package func rounded(places: Int) -> String {
        let factor = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let rounded = (self * factor).rounded() / factor
        return places == 0 ? String(Int(rounded)) : String(rounded)
    }
}
