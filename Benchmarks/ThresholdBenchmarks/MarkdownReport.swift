import FoundationEssentials

/// Collects the page, section by section.
struct MarkdownReport {
    private(set) var text = ""

    mutating func open(command: ThresholdBenchmarks) {
        let environment = ProcessInfo.processInfo.environment
        let data = command.questions.map { " --questions \($0.split(separator: "/").last ?? "")" } ?? ""
        let sections =
            command.sections == ThresholdBenchmarks.Section.allCases
            ? "" : " --sections " + command.sections.map(\.rawValue).joined(separator: ",")
        add(
            """
            \(Self.opening) on \(Date().formatted(.iso8601).prefix(10)), commit \(environment["SEMCACHE_COMMIT"] ?? "unknown"); all below comes from
            it but the notes at the end:

                SEMCACHE_LABELLED_DATA=DIR SEMCACHE_COMMIT=$(git rev-parse --short HEAD) \\
                    swift run -c release ThresholdBenchmarks --output docs/QUALITY.md --seeds \(command.seeds) --splits \(command.splits)\(data)\(sections)

            Model all-MiniLM-L6-v2. Streams in random order (\(command.seeds) seeds), cold cache, exact search, five candidates, a miss is
            stored. *hit* is hits / requests, *error* wrong hits / requests. "hit at error ≤ x" is the best point of the policy's curve with
            its parameter swept on the same stream, for every policy alike: it compares rankings. What a user gets who only sets the promise
            stands in the tables of promises. "Held out" is one half of the *groups*, drawn by a hash: the policy learns each stream online from a
            cold start, and its constants were taken from earlier measurements of a prototype, not tuned on these runs (one feature, word
            risk, was chosen on the whole sets).
            """
        )
    }

    mutating func add(_ paragraph: String) { text += paragraph + "\n\n" }

    mutating func table(_ header: [String], _ rows: [[String]]) {
        text += "| " + header.joined(separator: " | ") + " |\n"
        text += "|" + header.map { _ in "---" }.joined(separator: "|") + "|\n"
        for row in rows { text += "| " + row.joined(separator: " | ") + " |\n" }
        text += "\n"
    }

    /// Writes the page to a file, if one was asked for; what people wrote before the tables and behind them stays.
    func save(_ path: String?) throws {
        guard let path else { return }
        let old = (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let beginning = old.firstRange(of: Self.opening).map { String(old[..<$0.lowerBound]) }
        let notes = old.firstRange(of: Self.notesHeading).map { String(old[$0.lowerBound...]) }
        let ending = text.hasSuffix("\n\n") ? String(text.dropLast()) : text
        try Data(((beginning ?? "# Decision quality\n\n") + (notes.map { ending + "\n" + $0 } ?? ending)).utf8).write(
            to: URL(filePath: path)
        )
    }

    private static let opening = "Made by one run of one command"
    private static let notesHeading = "## Notes by hand"

    /// A number with a fixed count of decimals.
    static func decimal(_ value: Double, _ digits: Int = 3) -> String {
        guard value.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = Int((value.magnitude * scale).rounded())
        let fraction = String(rounded % Int(scale))
        let sign = value < 0 && rounded > 0 ? "-" : ""
        let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
        return digits == 0 ? "\(sign)\(rounded)" : "\(sign)\(rounded / Int(scale)).\(zeros)\(fraction)"
    }
}
