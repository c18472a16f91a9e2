import CacheTuning

/// Look-alike pairs by category, and what each guard stops and loses on every set.
struct PairSection {
    let library: DataLibrary

    func write(to report: inout MarkdownReport) async throws {
        if library.has("adversarial_pairs") {
            let (pairs, vectors) = try await library.pairs("adversarial_pairs")
            let metrics = try PairMetrics(pairs, vectors: vectors)
            report.add("## Look-alike pairs")
            writeCategories(metrics, threshold: 0.85, title: "At cosine ≥ 0.85, without and with guards:", to: &report)
            let level = metrics.threshold(keeping: 0.9)
            writeCategories(
                metrics,
                threshold: level,
                title:
                    "At the level that keeps 90 % of all right pairs (cosine ≥ \(MarkdownReport.decimal(Double(level)))):",
                to: &report
            )
            report.add(
                """
                The guards were written with this set in view: its figures are in-sample. The sets below were not made for them.
                """
            )
        }
        report.add("## Each guard: wrong pairs stopped, right pairs lost")
        report.add(
            "Neighbours in the streams (each request with its nearest earlier one) and labelled pairs, at cosine ≥ 0.80:"
        )
        try await writeGuards(to: &report)
    }

    private func writeCategories(
        _ metrics: PairMetrics,
        threshold: Float,
        title: String,
        to report: inout MarkdownReport
    ) {
        report.add(title)
        let counts = metrics.counts(threshold: threshold)
        var total: [String: (wrong: Int, right: Int)] = [:]
        for scored in metrics.pairs {
            let category = scored.pair.category ?? "all"
            if scored.pair.isMatch {
                total[category, default: (0, 0)].right += 1
            } else {
                total[category, default: (0, 0)].wrong += 1
            }
        }
        func share(_ part: Int, _ whole: Int) -> String {
            whole == 0 ? "–" : MarkdownReport.decimal(Double(part) / Double(whole), 2)
        }
        let rows = total.sorted { $0.key < $1.key }.map { category, all in
            let count = counts[category] ?? PairMetrics.Counts()
            return [
                category, "\(all.wrong)", share(count.wrong, all.wrong), share(count.wrongAccepted, all.wrong),
                "\(all.right)",
                share(count.right, all.right), share(count.rightAccepted, all.right),
            ]
        }
        report.table(
            [
                "category", "wrong pairs", "accepted, cosine", "accepted, guarded", "right pairs", "kept, cosine",
                "kept, guarded",
            ],
            rows
        )
    }

    private func writeGuards(to report: inout MarkdownReport) async throws {
        var header = ["guard"]
        var columns: [[String: (wrong: Int, right: Int)]] = []
        var sums: [String] = []
        for (name, title) in DataLibrary.streams + [("pairs_qqp", "Quora pairs"), ("pairs_stsb", "STS benchmark")]
        where library.has(name) {
            let metrics: PairMetrics
            if name.hasPrefix("stream") {
                let (pairs, vectors) = try await library.trace(name).neighbourPairs()
                metrics = try PairMetrics(pairs, vectors: vectors)
            } else {
                let (pairs, vectors) = try await library.pairs(name)
                metrics = try PairMetrics(pairs, vectors: vectors)
            }
            header.append(title)
            columns.append(
                Dictionary(
                    uniqueKeysWithValues: metrics.stopped(threshold: 0.8).map { ($0.guardName, ($0.wrong, $0.right)) }
                )
            )
            let near = metrics.pairs.filter { $0.similarity >= 0.8 }
            let wrong = near.filter { !$0.pair.isMatch }
            let right = near.filter(\.pair.isMatch)
            sums.append(
                "\(wrong.filter(\.isVetoed).count) of \(wrong.count) / \(right.filter(\.isVetoed).count) of \(right.count)"
            )
        }
        let names = [
            "numbers", "dates", "times", "units", "money", "identifiers", "negation", "opposites", "direction", "terms",
            "comparison",
            "question-type", "person", "tense", "language",
        ]
        var rows = names.map { name in [name] + columns.map { $0[name].map { "\($0.wrong) / \($0.right)" } ?? "0 / 0" }
        }
        rows.append(["**any**"] + sums)
        report.table(header, rows)
        report.add(
            """
            Banking77 and CLINC150 label intents: there "convert 5 miles" and "convert 9 miles" count as one answer, and what the guards
            "lose" is mostly that. HWU64 with slots labels what a cache may serve.

            What embedding models do not see at all is forbidden where the questions are otherwise the same, or nearly: a veto of
            `identifiers` for signs beside operands (`a < b`, `GMT+5`, `chmod +x`, `x++`, `C#`) and for capitals in ids, paths, flags
            and code; of `terms` for capitals that make another word (`IT`, `Co`, 0.1 M), diacritics (`schon`, `schön`; `cafe` and
            `café` too, which nobody can tell from it) and other emoji; of `numbers` for a number that stands more often on either
            side, for two that changed roles (12 − 4), and beyond 64 numbers for any difference. Where the model says that it does
            not know all tokens (🇫🇷, 魑), nothing but the very same words is served.
            """
        )
    }
}

extension ReplayTrace {
    /// Every request, in a random order, with its nearest earlier one.
    func neighbourPairs() throws -> (pairs: [LabelledPair], vectors: EmbeddingTable) {
        let order = order(seed: 1)
        var pairs: [LabelledPair] = []
        var values: [Float] = []
        for (position, row) in order.enumerated().dropFirst().prefix(4000) {
            guard let nearest = order[..<position].max(by: { vectors.cosine(row, $0) < vectors.cosine(row, $1) }) else {
                continue
            }
            let isMatch = queries[row].group == queries[nearest].group
            pairs.append(LabelledPair(queries[row].text, queries[nearest].text, isMatch: isMatch))
            for index in [row, nearest] {
                values += vectors.values[index * vectors.dimension..<(index + 1) * vectors.dimension]
            }
        }
        return (pairs, EmbeddingTable(dimension: vectors.dimension, values: values))
    }
}
