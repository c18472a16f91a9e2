import CacheTuning
import FoundationEssentials
import SemanticCaching

/// The engine's own judge, which sees answers and not labels.
struct AnswerJudgeSection {
    let library: DataLibrary
    let faqFolder: String

    /// A stream with what a model would answer to each request.
    private struct AnsweredStream: Sendable {
        let trace: ReplayTrace
        let answers: [AnalyzedText]
        let vectors: EmbeddingTable

        /// What the judge makes of two rows' answers.
        func opinion(_ row: Int, _ stored: Int) -> Bool? {
            let judge = SimilarityJudge { _, _ in 0 }
            return judge.isSameAnswer(
                fresh: answers[row],
                stored: answers[stored],
                similarity: vectors.cosine(row, stored)
            )
        }
    }

    func write(to report: inout MarkdownReport) async throws {
        report.add("### `SimilarityJudge`, the engine's default")
        report.add(
            """
            It compares the model's answer with the stored one: same words, then guards, then the cosine of the answers' vectors (same from 0.92
            on, different below 0.80, silent in between). The FAQ has real answers; the other streams have none, and the first question of each group
            stands for its answer. *reworded*: one of six frames round the answer, drawn for each request, as a model does that says the same twice;
            *echoing*: the request's own words stand in front of it. What a model says that answers the same question differently each time, nobody measured here.
            Judged: each request against its nearest earlier one; of right pairs called same / different, of wrong pairs called same. Then hit / error with
            that judge at δ = 1 %, 2 % and 5 %, one order, from the prior of other streams.
            """
        )
        var rows: [[String]] = []
        if let (queries, answers) = try faqStream() {
            let trace = try ReplayTrace(
                queries: queries,
                vectors: await library.vectors("faq_questions", texts: queries.map(\.text))
            )
            rows += try await measure("faq", "FAQ of FAQBot", trace, answers)
        }
        for (name, title) in library.measured {
            let trace = try await library.trace(name)
            var first: [Int: String] = [:]
            for query in trace.queries where first[query.group] == nil { first[query.group] = query.text }
            rows += try await measure(name, title, trace, trace.queries.map { first[$0.group] ?? "" })
        }
        report.table(
            [
                "stream", "answers", "right: same / different", "wrong: same", "δ = 1 %", "2 %", "5 %",
                "label as judge, 2 %",
            ],
            rows
        )
    }

    private func measure(
        _ name: String,
        _ title: String,
        _ trace: ReplayTrace,
        _ answers: [String]
    ) async throws -> [[String]] {
        let prior = try await library.prior(without: name)
        var rows: [[String]] = []
        for (style, texts) in [
            ("reworded", answers.enumerated().map { Self.reworded($1, $0) }),
            ("echoing", zip(trace.queries, answers).map { "You asked: \"\($0.text)\" \($1)" }),
        ] {
            let stream = AnsweredStream(
                trace: trace,
                answers: texts.map { AnalyzedText($0) },
                vectors: try await library.vectors("answers_\(name)_\(style)", texts: texts)
            )
            let runs = await concurrently([(0.01, false), (0.02, false), (0.05, false), (0.02, true)]) {
                delta,
                byLabel in
                Self.run(stream, delta, prior, byLabel: byLabel)
            }
            rows.append([title, style] + verdicts(of: stream) + runs)
        }
        return rows
    }

    private static let frames = [
        ("", ""), ("Sure! ", ""), ("", " Let me know if you need anything else."), ("Thanks for asking. ", ""),
        ("Here is what you need to know: ", ""), ("Of course. ", " I hope this helps."),
    ]

    private static func reworded(_ answer: String, _ row: Int) -> String {
        let frame = frames[Int(SplitMix64.drawn(for: UInt64(row)) % UInt64(frames.count))]
        return frame.0 + answer + frame.1
    }

    /// How the judge calls each request and its nearest earlier one.
    private func verdicts(of stream: AnsweredStream) -> [String] {
        let order = stream.trace.order(seed: 1).prefix(2500)
        var right = (same: 0, different: 0, count: 0)
        var wrong = (same: 0, count: 0)
        for (position, row) in order.enumerated().dropFirst() {
            let earlier = order[..<position]
            guard
                let nearest = earlier.max(by: {
                    stream.trace.vectors.cosine(row, $0) < stream.trace.vectors.cosine(row, $1)
                })
            else { continue }
            let opinion = stream.opinion(row, nearest)
            if stream.trace.queries[row].group == stream.trace.queries[nearest].group {
                right.count += 1
                if opinion == true { right.same += 1 }
                if opinion == false { right.different += 1 }
            } else {
                wrong.count += 1
                if opinion == true { wrong.same += 1 }
            }
        }
        func share(_ part: Int, _ whole: Int) -> String { MarkdownReport.decimal(Double(part) / Double(max(1, whole))) }
        return [
            share(right.same, right.count) + " / " + share(right.different, right.count),
            share(wrong.same, wrong.count),
        ]
    }

    private static func run(
        _ stream: AnsweredStream,
        _ delta: Double,
        _ prior: ShippedPrior?,
        byLabel: Bool = false
    ) -> String {
        let opinion: CalibratedReplayPolicy.Opinion = { stream.opinion($0, $1) }
        var policy = CalibratedReplayPolicy(
            settings: CalibrationSettings(maximumErrorRate: delta),
            prior: prior,
            opinion: byLabel ? nil : opinion
        )
        let result = Replayer.run(stream.trace, order: stream.trace.order(seed: 0), policy: &policy)
        return MarkdownReport.decimal(result.hitRate) + " / " + MarkdownReport.decimal(result.errorRate, 4)
    }

    /// The FAQ's questions, their paraphrases, and look-alikes that another entry answers.
    private func faqStream() throws -> (queries: [StreamQuery], answers: [String])? {
        func rows(_ name: String) throws -> [[String: String]]? {
            let path = "\(faqFolder)/\(name).jsonl"
            return FileManager.default.fileExists(atPath: path) ? try TableReader.rows(ofFile: path) : nil
        }
        guard let entries = try rows("faq"), let paraphrases = try rows("paraphrases"),
            let lookAlikes = try rows("negatives")
        else { return nil }
        var groups: [String: (number: Int, answer: String)] = [:]
        for (number, entry) in entries.enumerated() { groups[entry["id"] ?? ""] = (number, entry["answer"] ?? "") }
        let texts =
            entries.map { ($0["question"], $0["id"]) } + paraphrases.map { ($0["text"], $0["id"]) }
            + lookAlikes.map { ($0["text"], $0["needs"]) }
        var queries: [StreamQuery] = []
        var answers: [String] = []
        for case (let text?, let id?) in texts {
            guard let group = groups[id] else { continue }
            queries.append(StreamQuery(text: text, group: group.number))
            answers.append(group.answer)
        }
        return (queries, answers)
    }
}
