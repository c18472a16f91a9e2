import FoundationEssentials
import Testing

@testable import CacheTuning

/// What the charts of a report draw.
@Suite struct SVGChartTests {
    @Test(
        arguments: [
            (0.0...1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0...0.05, [0, 0.01, 0.02, 0.03, 0.04, 0.05]),
            (0...0.17, [0, 0.05, 0.1, 0.15, 0.2]), (0...0.21, [0, 0.05, 0.1, 0.15, 0.2, 0.25]),
            (0...7, [0, 2, 4, 6, 8]),
            (0...120, [0, 25, 50, 75, 100, 125]),
        ] as [(ClosedRange<Double>, [Double])]
    )
    func anAxisIsMarkedAtRoundValuesThatCoverItsRange(range: ClosedRange<Double>, expected: [Double]) {
        let ticks = Axis(range).ticks
        #expect(ticks.count == expected.count, "\(ticks)")
        for (tick, value) in zip(ticks, expected) { #expect(abs(tick - value) < 1e-9) }
    }

    @Test func marksAreToldApart() {
        for upper in [1e-3, 0.017, 0.25, 0.9, 1, 42, 1e5] {
            let labels = Axis(0...upper).ticks.map(Axis.label)
            #expect(Set(labels).count == labels.count, "\(labels)")
        }
        #expect(Axis.label(0) == "0")
        #expect(Axis.label(0.0125) == "0.0125")
    }

    @Test func namesStandAboveThePlotAndNoDataIsSaid() {
        var chart = SVGChart(title: "T", xLabel: "x", yLabel: "y")
        #expect(chart.svg.contains("too little data"))
        chart.series = [.init(name: "honest", points: [(0, 0), (1, 1)], shape: .dashes)]
        #expect(chart.svg.contains("too little data"), "a diagonal is no data")
        chart.series.append(.init(name: "measured <1>", points: [(0.5, 0.4)], shape: .dots))
        #expect(!chart.svg.contains("too little data"))
        #expect(chart.svg.contains("measured &lt;1&gt;"))
        #expect(chart.svg.contains("<circle"))
        chart.series = [.init(name: "hits", points: [(0, 0), (1, 0)])]
        #expect(chart.svg.contains(">0.8</text>"), "nothing but zeros is drawn on the axis of shares")
        #expect(!chart.svg.contains("#"), "colours are the page's")
    }

    @Test func similaritiesOfOneKindHaveNoBarsOfTheOther() {
        let chart = SVGChart.similarities("S", share: "share", of: [(0.5, true), (0.9, true)], marker: 0.8)
        #expect(chart.svg.components(separatedBy: "class='c0 bar'").count == 3)
        #expect(!chart.svg.contains("class='c1 bar'"))
        #expect(chart.svg.contains("class='mark'"))
    }
}
