internal import SemanticCaching

/// Self-contained pages about labelled data: curves, histograms, worst mistakes.
public enum HTMLReport {
    /// The page about labelled pairs.
    ///
    /// Everything is inside: no script, no font, no picture is fetched. Questions are escaped.
    public static func page(title: String, tuning: PairTuning, metrics: PairMetrics) -> String {
        let charts = [
            precisionRecall(tuning), receiverOperating(tuning), histogram(metrics, tuning.threshold),
            reliability(metrics),
        ]
        let mistakes = table(
            "<th>cosine</th><th>asked</th><th>stored</th><th>what the guards saw</th>",
            tuning.mistakes.prefix(50).map(row)
        )
        let threshold =
            tuning.threshold.map { short(Double($0)) } ?? "none: no threshold surely keeps the bound on this many pairs"
        let area =
            tuning.missingKind.map { "none: all of them are labelled \($0.present)" }
            ?? "\(short(tuning.plainSweep.areaUnderCurve)) / \(short(tuning.guardedSweep.areaUnderCurve))"
        let body = """
            <p>\(tuning.fitCount) pairs chose the threshold, \(tuning.heldOutCount) others measured it. Bound: at most \
            \(short(tuning.maximumError * 100)) % wrong among accepted pairs, at 95 % confidence.</p>
            <table><tr><th>threshold, with guards</th><td>\(threshold)</td></tr>
            <tr><th>wrong among accepted, held out</th><td>\(interval(tuning.heldOutError))</td></tr>
            <tr><th>right pairs accepted, held out</th><td>\(interval(tuning.heldOutRecall))</td></tr>
            <tr><th>area under the ROC, cosine / guarded</th><td>\(area)</td></tr></table>
            <div class="charts">\(charts.map(\.svg).joined(separator: "\n"))</div>
            <h2>Worst mistakes</h2>
            \(mistakes)
            """
        return document(title: title, body: body)
    }

    /// A table of rows, or a word where there are none.
    static func table(_ header: String, _ rows: [String]) -> String {
        rows.isEmpty
            ? "<p>None.</p>"
            : "<div class=\"table\"><table><tr>\(header)</tr>\n\(rows.joined(separator: "\n"))\n</table></div>"
    }

    /// A page of its own around a body.
    static func document(title: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">\
        <meta name="viewport" content="width=device-width, initial-scale=1"><title>\(title.escapedForHTML)</title>
        <style>
        :root{color-scheme:light dark;--ink:#111;--soft:#555;--grid:#ddd;--paper:#fff;
        --c0:#0b62a4;--c1:#c2410c;--c2:#15803d;--c3:#7c3aed}
        @media(prefers-color-scheme:dark){:root{--ink:#eee;--soft:#aaa;--grid:#3d3d3d;--paper:#161616;
        --c0:#6cb6ff;--c1:#ff9d66;--c2:#5fd38d;--c3:#b794f6}}
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:var(--ink);
        background:var(--paper);overflow-wrap:break-word}
        h1{overflow-wrap:anywhere}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1rem;margin:1rem 0}
        .table{overflow-x:auto}
        table{border-collapse:collapse;width:100%}
        td,th{border-bottom:1px solid var(--grid);padding:.3rem .5rem;text-align:left;vertical-align:top}
        svg text{font-size:11px}
        .ink{fill:var(--ink)}.soft{fill:var(--soft)}.grid{stroke:var(--grid)}.bar{fill-opacity:.55}
        .mark{stroke:var(--soft);stroke-dasharray:4 3}polyline{fill:none;stroke-width:2}
        \((0..<SVGChart.colourCount).map { ".c\($0){fill:var(--c\($0))}.l\($0){stroke:var(--c\($0))}" }.joined())
        </style></head><body>
        <h1>\(title.escapedForHTML)</h1>
        \(body)
        </body></html>

        """
    }

    // MARK: - Charts

    private static func precisionRecall(_ tuning: PairTuning) -> SVGChart {
        func series(_ name: String, _ sweep: ThresholdSweep) -> SVGChart.Series {
            SVGChart.Series(name: name, points: sweep.points.map { (sweep.recall($0), $0.precision) })
        }
        return SVGChart(
            title: "Precision and recall",
            xLabel: "recall",
            yLabel: "precision",
            series: [series("cosine", tuning.plainSweep), series("guarded", tuning.guardedSweep)]
        )
    }

    private static func receiverOperating(_ tuning: PairTuning) -> SVGChart {
        func series(_ name: String, _ sweep: ThresholdSweep) -> SVGChart.Series {
            let points = sweep.points.map { (sweep.falsePositiveRate($0), sweep.recall($0)) }
            return SVGChart.Series(name: name, points: [(0, 0)] + points)
        }
        return SVGChart(
            title: "Receiver operating characteristic",
            xLabel: "wrong pairs accepted",
            yLabel: "right pairs accepted",
            series: [series("cosine", tuning.plainSweep), series("guarded", tuning.guardedSweep)]
        )
    }

    private static func histogram(_ metrics: PairMetrics, _ threshold: Float?) -> SVGChart {
        .similarities(
            "Similarities",
            share: "share of pairs",
            of: metrics.pairs.map { ($0.similarity, $0.pair.isMatch) },
            marker: threshold
        )
    }

    /// How often pairs of a cosine are right: a calibrated similarity would lie on the diagonal.
    private static func reliability(_ metrics: PairMetrics) -> SVGChart {
        .reliability(
            "Reliability of the cosine",
            of: "cosine",
            share: "share of right pairs",
            diagonal: "if it were a probability",
            estimates: metrics.pairs.map { ($0.similarity, $0.pair.isMatch) }
        )
    }

    // MARK: - Text

    private static func row(_ scored: ScoredPair) -> String {
        return "<tr><td>\(short(Double(scored.similarity)))</td><td>\(scored.pair.first.escapedForHTML)</td>"
            + "<td>\(scored.pair.second.escapedForHTML)</td><td>\(words(scored.findings).escapedForHTML)</td></tr>"
    }

    /// What the guards found, in words.
    static func words(_ findings: [GuardFinding]) -> String {
        findings.map { finding in
            finding.guardName + ": " + finding.asked.joined(separator: ", ") + " / "
                + finding.stored.joined(separator: ", ")
        }.joined(separator: "; ")
    }

    static func interval(_ interval: BootstrapInterval) -> String {
        "\(short(interval.estimate)) [\(short(interval.lower)), \(short(interval.upper))]"
    }

    static func short(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
}
