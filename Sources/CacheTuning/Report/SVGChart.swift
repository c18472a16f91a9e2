/// A small line or bar chart, drawn as SVG.
struct SVGChart {
    /// A named line.
    struct Series {
        let name: String
        let points: [(x: Double, y: Double)]
        let isBars: Bool
    }

    let title: String
    let xLabel: String
    let yLabel: String
    var series: [Series] = []
    /// A vertical line at a value, such as the threshold.
    var marker: Double?
    /// The range of the horizontal axis.
    var xRange = 0.0...1.0

    private static let width = 420.0
    private static let height = 280.0
    private static let margin = 44.0
    private static let colours = ["#0b62a4", "#c2410c", "#15803d", "#7c3aed"]

    /// The chart as an `svg` element.
    var svg: String {
        let top = max(1e-9, series.flatMap { $0.points.map(\.y) }.max() ?? 1)
        let scale = top > 0.5 && top <= 1 ? 1 : top
        func x(_ value: Double) -> Double {
            let share = (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            return Self.margin + min(max(share, 0), 1) * (Self.width - 2 * Self.margin)
        }
        func y(_ value: Double) -> Double {
            Self.height - Self.margin - min(max(value / scale, 0), 1) * (Self.height - 2 * Self.margin)
        }
        var body = axes(top: scale, x: x, y: y)
        for (index, line) in series.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            body += line.isBars ? bars(line, colour, x: x, y: y) : polyline(line, colour, x: x, y: y)
            let offset = Self.margin + 14 * Double(index)
            body += text(line.name, at: (Self.width - Self.margin, offset), anchor: "end", colour: colour)
        }
        if let marker {
            body +=
                "<line x1='\(x(marker))' x2='\(x(marker))' y1='\(Self.margin)' y2='\(y(0))' stroke='#555' stroke-dasharray='4 3'/>"
        }
        return
            "<svg viewBox='0 0 \(Self.width) \(Self.height)' role='img' aria-label='\(title.escapedForHTML)'>\(body)</svg>"
    }

    private func axes(top: Double, x: (Double) -> Double, y: (Double) -> Double) -> String {
        var body = text(title, at: (Self.width / 2, 20), anchor: "middle", colour: "#111")
        body += text(xLabel, at: (Self.width / 2, Self.height - 8), anchor: "middle", colour: "#555")
        body += "<g transform='rotate(-90 12 \(Self.height / 2))'>"
        body += text(yLabel, at: (12, Self.height / 2), anchor: "middle", colour: "#555") + "</g>"
        for step in 0...4 {
            let share = Double(step) / 4
            let xValue = xRange.lowerBound + share * (xRange.upperBound - xRange.lowerBound)
            body +=
                "<line x1='\(Self.margin)' x2='\(Self.width - Self.margin)' y1='\(y(top * share))' y2='\(y(top * share))' stroke='#ddd'/>"
            body += text(short(top * share), at: (Self.margin - 4, y(top * share) + 4), anchor: "end", colour: "#555")
            body += text(
                short(xValue),
                at: (x(xValue), Self.height - Self.margin + 16),
                anchor: "middle",
                colour: "#555"
            )
        }
        return body
    }

    private func polyline(_ line: Series, _ colour: String, x: (Double) -> Double, y: (Double) -> Double) -> String {
        let points = line.points.map { "\(short(x($0.x))),\(short(y($0.y)))" }.joined(separator: " ")
        return "<polyline points='\(points)' fill='none' stroke='\(colour)' stroke-width='2'/>"
    }

    private func bars(_ line: Series, _ colour: String, x: (Double) -> Double, y: (Double) -> Double) -> String {
        let step = line.points.count > 1 ? x(line.points[1].x) - x(line.points[0].x) : 8
        return line.points.map { point in
            "<rect x='\(short(x(point.x)))' y='\(short(y(point.y)))' width='\(short(step * 0.9))' height='\(short(y(0) - y(point.y)))'"
                + " fill='\(colour)' fill-opacity='0.55'/>"
        }.joined()
    }

    private func text(_ content: String, at point: (Double, Double), anchor: String, colour: String) -> String {
        "<text x='\(short(point.0))' y='\(short(point.1))' text-anchor='\(anchor)' fill='\(colour)' font-size='11'>"
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
