import CacheTuning
import FoundationEssentials
import SemanticCaching

/// What a namespace knows before its first label, and what that is worth.
struct PriorSection {
    let library: DataLibrary
    let seeds: Int
    /// Where the table that ships is written, if it is.
    let output: String?

    private static let counts = [250, 500, 1000, 2000]

    func write(to report: inout MarkdownReport) async throws {
        guard let all = try await library.prior(without: "") else { return }
        if let output { try Data(all.source.utf8).write(to: URL(filePath: output)) }
        let isShipped = ShippedPrior.prior(for: all.embeddingModel).map { $0.model.isNear(all.model) } ?? false
        report.add("## The start: the prior that ships")
        report.add(
            """
            \(all.labelCount) labels of \(all.sources.joined(separator: ", ")): the first 1,500 requests of the tuning half of each, fitted for
            \(all.embeddingModel). What ships is \(isShipped ? "this fit" : "**another fit than this one: write it anew with `--prior`**"). Below, each stream
            begins with a prior of the *other* streams (Quora, which no prior is fitted on, with the one that ships), and is measured on the
            half that no prior has seen: hit / error of the first requests, mean of \(seeds) orders, and the worst error of one. Until 200 labels are there the first
            row of each pair decides by threshold and guards, the second by the prior; then both by their own fits, of which the second
            are pulled towards the prior while labels are few. A fifth of the hits is audited until the first fit of its own, 3 % with the prior.
            """
        )
        var rows: [[String]] = []
        for (name, title) in library.measured {
            let trace = try await library.trace(name)
            let prior = try await library.prior(without: name)
            let half = trace.rows(ofHalf: 1)
            for delta in [0.01, 0.02, 0.05] {
                let title = [title, MarkdownReport.decimal(delta, 2), "≥ 0.90 + guards"]
                rows.append(title + (await cells(trace, half, delta, nil)))
                rows.append(["", "", "prior"] + (await cells(trace, half, delta, prior)))
            }
        }
        report.table(["stream", "δ", "begins with"] + Self.counts.map { "first \($0)" }, rows)
    }

    private func cells(_ trace: ReplayTrace, _ half: [Int], _ delta: Double, _ prior: ShippedPrior?) async -> [String] {
        let outcomes = await concurrently(Array(0..<seeds)) { seed in
            var policy = CalibratedReplayPolicy(
                settings: CalibrationSettings(maximumErrorRate: delta),
                coldThreshold: 0.9,
                seed: UInt64(seed),
                prior: prior
            )
            return Replayer.run(trace, order: trace.order(seed: seed, of: half), policy: &policy).outcomes
        }
        return Self.counts.map { count in
            let parts = outcomes.map { $0.prefix(count) }
            let errors = parts.map { part in Double(part.count { $0 == 2 }) / Double(max(1, part.count)) }
            let hits = parts.map { part in Double(part.count { $0 > 0 }) / Double(max(1, part.count)) }
            return MarkdownReport.decimal(hits.reduce(0, +) / Double(seeds)) + " / "
                + MarkdownReport.decimal(errors.reduce(0, +) / Double(seeds), 4) + ", worst "
                + MarkdownReport.decimal(errors.max() ?? 0)
        }
    }
}

extension LogisticModel {
    /// Whether two models differ by no more than rounding.
    fileprivate func isNear(_ other: LogisticModel) -> Bool {
        weights.count == other.weights.count && abs(intercept - other.intercept) < 0.01
            && zip(weights, other.weights).allSatisfy { abs($0 - $1) < 0.01 }
    }
}

extension ShippedPrior {
    /// The file that makes it ship.
    fileprivate var source: String {
        let features = zip(PolicyFeature.allCases, model.weights).map { feature, weight in
            "                    \(MarkdownReport.decimal(weight, 4)),  // \(feature)"
        }
        let points = points.map { point in
            "                Point(\(MarkdownReport.decimal(point.score, 2)), \(MarkdownReport.decimal(point.error, 4)), "
                + "\(MarkdownReport.decimal(point.errorPerRequest, 4))),"
        }
        return """
            extension ShippedPrior {
                /// The priors that ship, one for each embedding model.
                ///
                /// Written by `ThresholdBenchmarks --sections prior --prior FILE`. Weights and rates are statistics, from which no text can
                /// be had back; Banking77 (PolyAI, CC BY 4.0), CLINC150 (Larson et al. 2019, CC BY 3.0) and HWU64 (Liu et al. 2019,
                /// CC BY 4.0) allow them with attribution. Nothing of Quora, the STS benchmark or SGD went in.
                package static let table: [ShippedPrior] = [
                    ShippedPrior(
                        embeddingModel: "\(embeddingModel)",
                        date: "\(date)",
                        sources: [\(sources.map { "\"\($0)\"" }.joined(separator: ", "))],
                        labelCount: \(labelCount),
                        fingerprint: 0x\(String(fingerprint, radix: 16)),
                        model: LogisticModel(
                            weights: [
            \(features.joined(separator: "\n"))
                            ],
                            intercept: \(MarkdownReport.decimal(model.intercept, 4))
                        ),
                        points: [
            \(points.joined(separator: "\n"))
                        ]
                    )
                ]
            }

            """
    }
}
