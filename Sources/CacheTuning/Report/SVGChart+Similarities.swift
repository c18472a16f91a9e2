extension SVGChart {
    /// How the cosines of right and of wrong pairs are spread over 0 to 1, each as shares of its own kind.
    ///
    /// - Parameter marker: Where the threshold lies.
    static func similarities(
        _ title: String,
        share: String,
        of pairs: [(similarity: Float, isRight: Bool)],
        marker: Float?
    ) -> SVGChart {
        let bins = 25
        func series(_ name: String, _ isRight: Bool) -> Series {
            let chosen = pairs.filter { $0.isRight == isRight }
            var counts = [Double](repeating: 0, count: bins)
            for pair in chosen { counts[min(bins - 1, max(0, Int(pair.similarity * Float(bins))))] += 1 }
            let total = Double(max(1, chosen.count))
            let points = counts.enumerated().map { (Double($0.offset) / Double(bins), $0.element / total) }
            return Series(name: name, points: chosen.isEmpty ? [] : points, shape: .bars)
        }
        return SVGChart(
            title: title,
            xLabel: "cosine",
            yLabel: share,
            series: [series("right", true), series("wrong", false)],
            marker: marker.map(Double.init)
        )
    }
}
