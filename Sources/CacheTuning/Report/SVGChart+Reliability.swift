extension SVGChart {
    /// How often estimates in each twentieth of 0 to 1 were right, beside the diagonal of an estimate that is a probability.
    ///
    /// - Parameter minimumCount: Twentieths with fewer estimates are left out: their share says nothing.
    static func reliability<Value: BinaryFloatingPoint>(
        _ title: String,
        of estimate: String,
        share: String,
        diagonal: String,
        estimates: [(value: Value, isRight: Bool)],
        minimumCount: Double = 1
    ) -> SVGChart {
        var bins = [(right: Double, count: Double)](repeating: (0, 0), count: 20)
        for estimate in estimates {
            let bin = min(19, max(0, Int(estimate.value * 20)))
            bins[bin].count += 1
            if estimate.isRight { bins[bin].right += 1 }
        }
        let points = bins.enumerated().filter { $0.element.count >= minimumCount }.map {
            ((Double($0.offset) + 0.5) / 20, $0.element.right / $0.element.count)
        }
        return SVGChart(
            title: title,
            xLabel: estimate,
            yLabel: share,
            series: [
                Series(name: "measured", points: points),
                Series(name: diagonal, points: [(0, 0), (1, 1)], shape: .dashes),
            ]
        )
    }
}
