import CacheTuning
import StrictJSON

/// What labelled pairs recommend.
struct PairTuningReport {
    let tuning: PairTuning

    func printJSON() {
        let mistakes = tuning.mistakes.prefix(10).map { mistake -> JSONValue in
            [
                "a": .string(mistake.pair.first), "b": .string(mistake.pair.second),
                "similarity": .rounded(mistake.similarity),
            ]
        }
        let result: JSONValue = [
            "command": "tune", "data": "pairs", "maximum_error": .rounded(tuning.maximumError),
            "threshold": .rounded(tuning.threshold), "fitted_on": .integer(tuning.fitCount),
            "fit_accepted": .integer(tuning.fitAccepted.count), "fit_wrong": .integer(tuning.fitAccepted.wrong),
            "fit_error_bound_95": .rounded(tuning.fitAccepted.upperBound),
            "measured_on": .integer(tuning.heldOutCount), "error_of_hits": tuning.heldOutError.json,
            "right_pairs_served": tuning.heldOutRecall.json,
            "area_under_curve": tuning.missingKind == nil ? .rounded(tuning.plainSweep.areaUnderCurve) : .null,
            "area_under_curve_with_guards": tuning.missingKind == nil
                ? .rounded(tuning.guardedSweep.areaUnderCurve) : .null,
            "mistakes": .array(mistakes),
        ]
        Terminal.write(result.serializedText)
    }

    func printText() {
        let bound = "\((tuning.maximumError * 100).formatted(decimals: 2)) % wrong hits"
        if let threshold = tuning.threshold {
            Terminal.write("threshold  \(threshold.formatted(decimals: 4)) with guards, for at most \(bound)")
            let fit = tuning.fitAccepted
            let upper = (fit.upperBound * 100).formatted(decimals: 2)
            Terminal.write(
                "sure by    \(fit.count) of \(tuning.fitCount.counted("pair")) accepted, \(fit.wrong) wrong: at most \(upper) % at 95 %"
            )
        } else {
            Terminal.write("threshold  none is sure to keep \(bound) on \(tuning.fitCount) pairs: label more")
        }
        Terminal.write("measured   on \(tuning.heldOutCount) other pairs:")
        Terminal.write("           \(tuning.heldOutError.text) of the accepted ones are wrong")
        Terminal.write("           \(tuning.heldOutRecall.text) of the right ones are accepted")
        if let missing = tuning.missingKind {
            return Terminal.write(
                "           all of them are labelled \(missing.present); \(missing.absent) pairs that look alike are needed too"
            )
        }
        let plain = tuning.plainSweep.areaUnderCurve.formatted(decimals: 4)
        let guarded = tuning.guardedSweep.areaUnderCurve.formatted(decimals: 4)
        Terminal.write("ROC area   \(plain), with guards \(guarded)")
        let points = tuning.guardedSweep.points.map { (x: tuning.guardedSweep.recall($0), y: $0.precision) }
        guard points.count > 1 else { return }
        Terminal.write("")
        Terminal.write("precision against the share of right pairs served, with guards")
        Terminal.write(TerminalPlot.curve(points))
        guard !tuning.mistakes.isEmpty else { return }
        Terminal.write("")
        Terminal.write("worst mistakes")
        for mistake in tuning.mistakes.prefix(5) {
            let cosine = mistake.similarity.formatted(decimals: 3)
            Terminal.write("  \(cosine)  \(mistake.pair.first)  ≠  \(mistake.pair.second)")
        }
    }
}

extension BootstrapInterval {
    /// The share with the interval in which it lies, in per cent.
    var text: String {
        func percent(_ share: Double) -> String { (share * 100).formatted(decimals: 2) }
        return "\(percent(estimate)) % (\(percent(lower)) to \(percent(upper)))"
    }

    /// The share with its interval in the tool's JSON schema.
    var json: JSONValue {
        ["estimate": .rounded(estimate), "lower": .rounded(lower), "upper": .rounded(upper)]
    }
}
