import SemanticCaching

extension SavingsReport {
    /// The report as one page that needs nothing from elsewhere.
    var html: String {
        let rows = summary.map { "<tr><th>\(Self.escaped($0.name))</th><td>\(Self.escaped($0.value))</td></tr>" }
        let plots = [
            plot("Hit rate by day", percent: true) { $0.hitRate * 100 },
            plot("Tokens saved by day") { Double($0.savedTokens) },
            plot("Dollars saved by day") { $0.savedDollars },
        ]
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>semcache: \(first) to \(last)</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; color: #1c2430 }
            table { border-collapse: collapse } th { text-align: left; font-weight: 500; padding-right: 2rem }
            td { text-align: right; font-variant-numeric: tabular-nums } svg { width: 100%; height: auto }
            rect { fill: #2f6fb0 } text { font-size: 11px; fill: #5b6675 } h2 { font-size: 1.05rem; margin-top: 2rem }
            </style></head><body>
            <h1>What the cache saved</h1>
            <p>\(first) to \(last)</p>
            <table>\(rows.joined(separator: "\n"))</table>
            \(plots.joined(separator: "\n"))
            </body></html>

            """
    }

    /// A bar for each day.
    private func plot(_ title: String, percent: Bool = false, _ value: (LedgerCounts) -> Double) -> String {
        let values = days.map { (day: $0.name, value: max(0, value($0.counts))) }
        guard let top = percent ? 100 : values.map(\.value).max(), top > 0 else { return "" }
        let (width, height, left) = (720.0, 160.0, 8.0)
        let step = (width - 2 * left) / Double(max(1, values.count))
        let bars = values.enumerated().map { index, bar in
            let size = height * bar.value / top
            let x = left + step * Double(index)
            let decimals = percent ? 1 : top < 10 ? 4 : 0
            let label = "\(bar.day): \(bar.value.formatted(decimals: decimals))\(percent ? " %" : "")"
            return """
                <rect x="\(x.formatted(decimals: 1))" y="\((20 + height - size).formatted(decimals: 1))" \
                width="\((step * 0.8).formatted(decimals: 1))" height="\(size.formatted(decimals: 1))">\
                <title>\(Self.escaped(label))</title></rect>
                """
        }
        let names = [values.first?.day, values.count > 1 ? values.last?.day : nil].compactMap(\.self)
        let ends = names.enumerated().map { index, name in
            let place = index == 0 ? "x=\"\(left)\"" : "x=\"\(width - left)\" text-anchor=\"end\""
            return "<text \(place) y=\"\(height + 36)\">\(name)</text>"
        }
        let topLabel = percent ? "100 %" : top.formatted(decimals: top < 10 ? 4 : 0)
        return """
            <h2>\(title)</h2>
            <svg viewBox="0 0 \(Int(width)) \(Int(height) + 44)" role="img" aria-label="\(title)">
            <text x="\(left)" y="14">\(topLabel)</text>
            \(bars.joined(separator: "\n"))
            \(ends.joined())
            </svg>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
