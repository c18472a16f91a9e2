import CacheTuning
import StrictJSON

/// What a labelled stream recommends.
struct StreamTuningReport {
    let tuning: StreamTuning

    func printJSON() {
        let rows = tuning.rows.map { row -> JSONValue in
            [
                "policy": .string(row.name), "hit_rate": row.hitRate.json, "error_rate": row.errorRate.json,
                "precision": .rounded(row.precision),
            ]
        }
        let levels = tuning.levels.map { level -> JSONValue in
            [
                "rule": .string(level.rule.rawValue), "threshold": .rounded(level.threshold),
                "fitted_on": .integer(level.fit.requests), "fit_wrong": .integer(level.fit.wrongHits),
                "hit_rate": .rounded(level.hitRate), "error_rate": .rounded(level.errorRate),
            ]
        }
        let result: JSONValue = [
            "command": "tune", "data": "stream", "levels": .array(levels),
            "maximum_error": .rounded(tuning.maximumError),
            "threshold": .rounded(tuning.threshold), "recommends_learning": .bool(tuning.recommendsCalibration),
            "policies": .array(rows),
        ]
        Terminal.write(result.serializedText)
    }

    func printText() {
        let bound = (tuning.maximumError * 100).formatted(decimals: 2)
        Terminal.write(
            "threshold  \(tuning.threshold.formatted(decimals: 2)) with guards, for \(bound) % wrong answers"
        )
        let advice =
            tuning.recommendsCalibration
            ? "worth it: more hits within the bound" : "no more hits within the bound than threshold and guards"
        Terminal.write("learning   \(advice)")
        printLevels()
        Terminal.write("")
        var table = TextTable([
            .init(title: "policy, on the other half"), .init(title: "hits of requests"),
            .init(title: "wrong of requests"), .init(title: "right of hits", alignment: .right),
        ])
        for row in tuning.rows {
            table.add([
                row.name, row.hitRate.text, row.errorRate.text, "\((row.precision * 100).formatted(decimals: 2)) %",
            ])
        }
        for line in table.lines { Terminal.write(line) }
    }

    /// The threshold by each way of being sure, with the number of requests that it is sure by.
    private func printLevels() {
        Terminal.write("")
        var table = TextTable([
            .init(title: "sure by"), .init(title: "threshold", alignment: .right),
            .init(title: "wrong of fit", alignment: .right), .init(title: "wrong, other half", alignment: .right),
            .init(title: "hits, other half", alignment: .right),
        ])
        for level in tuning.levels {
            table.add([
                level.rule.rawValue, level.threshold?.formatted(decimals: 2) ?? "none",
                "\(level.fit.wrongHits) / \(level.fit.requests)", "\((level.errorRate * 100).formatted(decimals: 2)) %",
                "\((level.hitRate * 100).formatted(decimals: 1)) %",
            ])
        }
        for line in table.lines { Terminal.write(line) }
    }
}
