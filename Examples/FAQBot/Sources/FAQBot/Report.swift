import Foundation
import SemanticCaching

/// The table of what was asked and found, line by line, and its summary.
struct Report {
    private var asked = 0
    private var hits = 0
    private var rightHits = 0
    private var latencies: [Duration] = []

    init() {
        print(Self.row("question", "outcome", "tier", "cosine", "nearest stored question", "latency"))
    }

    /// Prints a line; a hit is right if it gave the expected answer.
    mutating func add(_ question: String, _ verdict: Verdict, _ latency: Duration, expecting answer: String?) {
        asked += 1
        latencies.append(latency)
        if let reply = verdict.reply {
            hits += 1
            if reply.text == answer { rightHits += 1 }
        }
        print(
            Self.row(
                question,
                verdict.outcome.rawValue,
                verdict.tier?.rawValue ?? "-",
                verdict.nearest.first.map { String(format: "%.3f", $0.similarity) } ?? "-",
                verdict.nearest.first?.question ?? "-",
                Self.milliseconds(latency)
            )
        )
    }

    func printSummary(stored: Int) {
        guard asked > 0 else { return }
        let median = latencies.sorted()[asked / 2]
        print("\n\(stored) questions stored; \(asked) asked in other words, some of which only look alike:")
        print("\(hits) hits, \(rightHits) of them right; \(asked - hits) misses; median \(Self.milliseconds(median)).")
    }

    static func milliseconds(_ duration: Duration) -> String {
        String(format: "%.2f ms", duration / .milliseconds(1))
    }

    private static func row(_ cells: String...) -> String {
        zip(cells, [46, 8, 9, 7, 46, 0]).map { cell, width in
            let text = cell.count < width || width == 0 ? cell : cell.prefix(width - 2) + "…"
            return text + String(repeating: " ", count: max(0, width - text.count))
        }.joined()
    }
}
