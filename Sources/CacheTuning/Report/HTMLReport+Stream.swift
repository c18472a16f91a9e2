internal import SemanticCaching

extension HTMLReport {
    /// The page about a labelled stream: hit rate against error, reliability, similarities, worst mistakes.
    ///
    /// Everything is inside: no script, no font, no picture is fetched. Questions are escaped.
    public static func page(title: String, tuning: StreamTuning) -> String {
        let charts = [frontier(tuning), reliability(tuning), histogram(tuning), learning(tuning)]
        let rows = tuning.rows.map { row in
            "<tr><td>\(row.name.escapedForHTML)</td><td>\(interval(row.hitRate))</td><td>\(interval(row.errorRate))</td>"
                + "<td>\(short(row.precision))</td></tr>"
        }
        let levels = tuning.levels.map { level in
            "<tr><td>\(level.rule.rawValue)</td><td>\(level.threshold.map { short(Double($0)) } ?? "none")</td>"
                + "<td>\(level.fit.wrongHits) of \(level.fit.requests)</td><td>\(short(level.errorRate))</td>"
                + "<td>\(short(level.hitRate))</td></tr>"
        }
        let body = """
            <p>Settings were chosen on one half of the answers and measured on the other. Bound: at most \
            \(short(tuning.maximumError * 100)) % of requests answered wrong.</p>
            <table><tr><th>policy</th><th>hits of requests</th><th>wrong of requests</th><th>right of hits</th></tr>
            \(rows.joined(separator: "\n"))</table>
            <h2>The threshold, by how sure it is</h2>
            <table><tr><th>sure by</th><th>threshold</th><th>wrong of fit</th><th>wrong, other half</th>\
            <th>hits, other half</th></tr>
            \(levels.joined(separator: "\n"))</table>
            <div class="charts">\(charts.map(\.svg).joined(separator: "\n"))</div>
            <h2>Worst mistakes of the calibrated policy</h2>
            \(table(
                "<th>probability</th><th>cosine</th><th>asked</th><th>answered as</th><th>what the guards saw</th>",
                mistakes(tuning)
            ))
            """
        return document(title: title, body: body)
    }

    // MARK: - Charts

    private static func frontier(_ tuning: StreamTuning) -> SVGChart {
        func series(_ name: String, _ curve: [(threshold: Float, error: Double, hit: Double)]) -> SVGChart.Series {
            let points = curve.map { (x: $0.error, y: $0.hit) }.sorted { $0.x < $1.x }
            return SVGChart.Series(name: name, points: points.filter { $0.x <= widest(tuning) })
        }
        let learned = tuning.rows.last.map { row in
            SVGChart.Series(
                name: "calibrated",
                points: [(row.errorRate.estimate, row.hitRate.estimate)].filter { $0.0 <= widest(tuning) },
                shape: .dots
            )
        }
        return SVGChart(
            title: "Hit rate against error",
            xLabel: "wrong of requests",
            yLabel: "hits of requests",
            series: [series("threshold", tuning.thresholdCurve), series("with guards", tuning.guardedCurve)]
                + [learned].compactMap(\.self),
            marker: tuning.maximumError,
            xRange: 0...widest(tuning)
        )
    }

    /// The errors that are of interest: some times the bound.
    private static func widest(_ tuning: StreamTuning) -> Double { min(1, max(0.02, 5 * tuning.maximumError)) }

    /// How often answers of a probability were right: on the diagonal if the probabilities are honest.
    private static func reliability(_ tuning: StreamTuning) -> SVGChart {
        .reliability(
            "Reliability of the calibrated policy",
            of: "estimated probability",
            share: "share of right answers",
            diagonal: "honest",
            estimates: tuning.trail.compactMap { step in step.probability.map { ($0, step.isRight) } },
            minimumCount: 5
        )
    }

    private static func histogram(_ tuning: StreamTuning) -> SVGChart {
        .similarities(
            "Similarities of the best candidates",
            share: "share",
            of: tuning.trail.map { ($0.similarity, $0.isRight) },
            marker: tuning.threshold
        )
    }

    /// Hits and errors along the stream: what the learning brings with time.
    ///
    /// The trail has the requests alone that had a stored question near: of the first of a stream there are few.
    private static func learning(_ tuning: StreamTuning) -> SVGChart {
        let parts = 20
        let count = max(1, tuning.trail.count)
        func series(_ name: String, _ isCounted: (CalibratedReplayPolicy.Step) -> Bool) -> SVGChart.Series {
            let points = (0..<parts).map { part -> (x: Double, y: Double) in
                let slice = tuning.trail[part * count / parts..<min(tuning.trail.count, (part + 1) * count / parts)]
                let share = slice.isEmpty ? 0 : Double(slice.count(where: isCounted)) / Double(slice.count)
                return ((Double(part) + 0.5) / Double(parts), share)
            }
            return SVGChart.Series(name: name, points: points)
        }
        return SVGChart(
            title: "Along the stream",
            xLabel: "place among the requests with a candidate",
            yLabel: "share of requests with a candidate",
            series: [series("hits", \.isServed), series("wrong") { $0.isServed && !$0.isRight }]
        )
    }

    // MARK: - Mistakes

    private static func mistakes(_ tuning: StreamTuning) -> [String] {
        let wrong = tuning.trail.filter { $0.isServed && !$0.isRight }
        return wrong.sorted { ($0.probability ?? 0) > ($1.probability ?? 0) }.prefix(50).map { step in
            let asked = tuning.heldOut.texts[step.row]
            let stored = tuning.heldOut.texts[step.storedRow]
            let findings = PairGuards.findings(asked: asked, stored: stored, settings: GuardSettings())
            return "<tr><td>\(step.probability.map(short) ?? "–")</td><td>\(short(Double(step.similarity)))</td>"
                + "<td>\(asked.text.escapedForHTML)</td><td>\(stored.text.escapedForHTML)</td>"
                + "<td>\(words(findings).escapedForHTML)</td></tr>"
        }
    }
}
