/// A small line or bar chart, drawn as SVG; its colours are those of the page, light or dark.
///
/// ```
///   title
///   ▬ one   ▬ another        the legend has a line of its own, so that no curve runs through it
///   │
///   └──────────
/// ```
struct SVGChart {
    /// How a series is drawn.
    enum Shape {
        case line
        /// For what the eye compares the lines with.
        case dashes
        case bars
        case dots
    }

    /// A named part of the data.
    struct Series {
        let name: String
        let points: [(x: Double, y: Double)]
        var shape = Shape.line
    }

    let title: String
    let xLabel: String
    let yLabel: String
    var series: [Series] = []
    /// A vertical line at a value, such as the threshold.
    var marker: Double?
    /// The range of the horizontal axis.
    var xRange = 0.0...1.0

    private static let size = (width: 420.0, height: 300.0)
    private static let plot = (left: 58.0, right: 404.0, top: 52.0, bottom: 250.0)
    /// The style sheet's colours for series: `--c0` and so on.
    static let colourCount = 4

    /// The chart as an `svg` element.
    var svg: String {
        let top = Axis(0...highest)
        func x(_ value: Double) -> Double {
            let share = (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            return Self.plot.left + min(max(share, 0), 1) * (Self.plot.right - Self.plot.left)
        }
        func y(_ value: Double) -> Double {
            Self.plot.bottom - min(max(value / top.upper, 0), 1) * (Self.plot.bottom - Self.plot.top)
        }
        var body = axes(top, x: x, y: y) + legend
        for (index, part) in series.enumerated() { body += draw(part, index % Self.colourCount, x: x, y: y) }
        if series.allSatisfy({ $0.shape == .dashes || $0.points.isEmpty }) {
            body += text(
                "too little data to draw",
                at: (Self.plot.right - 8, Self.plot.bottom - 12),
                anchor: "end",
                style: "soft"
            )
        }
        if let marker {
            body +=
                "<line class='mark' x1='\(short(x(marker)))' x2='\(short(x(marker)))' y1='\(Self.plot.top)' y2='\(Self.plot.bottom)'/>"
        }
        return "<svg viewBox='0 0 \(Self.size.width) \(Self.size.height)' role='img' "
            + "aria-label='\(title.escapedForHTML)'>\(body)</svg>"
    }

    /// The greatest value drawn; whole shares keep the whole axis, and so does what is nothing but zeros.
    private var highest: Double {
        let highest = series.flatMap { $0.points.map(\.y) }.max() ?? 1
        return highest <= 0 || (highest > 0.5 && highest <= 1) ? 1 : highest
    }

    // MARK: - Frame

    private func axes(_ top: Axis, x: (Double) -> Double, y: (Double) -> Double) -> String {
        let middle = (x: (Self.plot.left + Self.plot.right) / 2, y: (Self.plot.top + Self.plot.bottom) / 2)
        var body = text(title, at: (middle.x, 18), anchor: "middle", style: "ink")
        body += text(xLabel, at: (middle.x, Self.size.height - 10), anchor: "middle", style: "soft")
        body += "<g transform='rotate(-90 14 \(middle.y))'>"
        body += text(yLabel, at: (14, middle.y), anchor: "middle", style: "soft") + "</g>"
        for value in top.ticks {
            let height = short(y(value))
            body += "<line class='grid' x1='\(Self.plot.left)' x2='\(Self.plot.right)' y1='\(height)' y2='\(height)'/>"
            body += text(Axis.label(value), at: (Self.plot.left - 6, y(value) + 4), anchor: "end", style: "soft")
        }
        for value in Axis(xRange).ticks where value <= xRange.upperBound + 1e-9 {
            body += text(Axis.label(value), at: (x(value), Self.plot.bottom + 16), anchor: "middle", style: "soft")
        }
        return body
    }

    /// The names of the series, side by side above the plot.
    private var legend: String {
        var body = ""
        var left = Self.plot.left
        for (index, part) in series.enumerated() {
            let style = "c\(index % Self.colourCount)"
            body += "<rect class='\(style)' x='\(short(left))' y='32' width='10' height='6'/>"
            body += text(part.name, at: (left + 14, 39), anchor: "start", style: "ink")
            // An estimate that is wide enough for every letter but a row of m.
            left += 14 + 6.6 * Double(part.name.count) + 14
        }
        return body
    }

    // MARK: - Series

    private func draw(_ part: Series, _ colour: Int, x: (Double) -> Double, y: (Double) -> Double) -> String {
        switch part.shape {
        case .bars:
            let step = part.points.count > 1 ? x(part.points[1].x) - x(part.points[0].x) : 8
            return part.points.filter { $0.y > 0 }.map { point in
                "<rect class='c\(colour) bar' x='\(short(x(point.x)))' y='\(short(y(point.y)))' "
                    + "width='\(short(step * 0.9))' height='\(short(y(0) - y(point.y)))'/>"
            }.joined()
        case .dots:
            return part.points.map { point in
                "<circle class='c\(colour)' cx='\(short(x(point.x)))' cy='\(short(y(point.y)))' r='5'/>"
            }.joined()
        case .line, .dashes:
            let points = part.points.map { "\(short(x($0.x))),\(short(y($0.y)))" }.joined(separator: " ")
            let style = part.shape == .dashes ? " stroke-dasharray='5 4'" : ""
            return "<polyline class='l\(colour)' points='\(points)'\(style)/>"
        }
    }

    private func text(_ content: String, at point: (Double, Double), anchor: String, style: String) -> String {
        "<text class='\(style)' x='\(short(point.0))' y='\(short(point.1))' text-anchor='\(anchor)'>"
            + content.escapedForHTML + "</text>"
    }

    private func short(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}

extension String {
    /// The text with the characters that mean something in HTML written out.
    var escapedForHTML: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
