import ArgumentParser
import CacheTuning
import FoundationEssentials

/// Measures all policies over every labelled set, and writes docs/QUALITY.md.
///
///     SEMCACHE_LABELLED_DATA=/path/to/data swift run -c release ThresholdBenchmarks --output docs/QUALITY.md
///
/// Vectors come from the local model once and are kept.
@main
struct ThresholdBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ThresholdBenchmarks",
        abstract: "Measures all policies over the labelled data; docs/QUALITY.md is one run of it."
    )

    /// A part of the page.
    enum Section: String, CaseIterable, Sendable {
        case pairs, streams, promise, prior, judge, answers, context, cost
    }

    @Option(help: ArgumentHelp("Folder of the labelled data. [default: $SEMCACHE_LABELLED_DATA]", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("Folder of vectors. [default: ~/.cache/semcache/vectors]", valueName: "folder"))
    var vectors: String?

    @Option(help: ArgumentHelp("Write the page to a file; its notes by hand stay.", valueName: "file"))
    var output: String?

    @Option(
        name: .customLong("sections"),
        help: ArgumentHelp("Only these, with commas between them: \(Section.names).", valueName: "names"),
        transform: Self.sections
    )
    var chosenSections: [Section]?

    @Option(
        help: ArgumentHelp("Only these streams, with commas between them: \(DataLibrary.names).", valueName: "names"),
        transform: Self.streams
    )
    var streams: [String]?

    @Option(help: "Random orders of each stream.")
    var seeds = 2

    @Option(help: "Random halves of each stream on which promises are counted.")
    var splits = 20

    @Option(
        help: ArgumentHelp(
            "Questions, one a line: what a verdict costs among a hundred thousand (questions.txt.gz of the data, unpacked).",
            valueName: "file"
        )
    )
    var questions: String?

    @Option(help: ArgumentHelp("Folder of the data of FAQBot.", valueName: "folder"))
    var faq = "Examples/FAQBot/Data"

    @Option(help: ArgumentHelp("Write the fitted prior as the source file that ships it.", valueName: "file"))
    var prior: String?

    func validate() throws {
        guard seeds > 0, splits > 0 else { throw ValidationError("--seeds and --splits must be above 0") }
        guard let folder else {
            throw ValidationError("give the folder of the labelled data with --data, or in $SEMCACHE_LABELLED_DATA")
        }
        for path in [folder, questions].compactMap(\.self) where !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("there is no \(path): correct --data, $SEMCACHE_LABELLED_DATA or --questions")
        }
    }

    /// The folder of the labelled data.
    private var folder: String? { data ?? ProcessInfo.processInfo.environment["SEMCACHE_LABELLED_DATA"] }

    var sections: [Section] { chosenSections ?? Section.allCases }

    private var vectorFolder: String {
        vectors ?? (ProcessInfo.processInfo.environment["HOME"] ?? ".") + "/.cache/semcache/vectors"
    }

    func run() async throws {
        let library = DataLibrary(folder: folder ?? "", vectorFolder: vectorFolder, streams: streams)
        // What is wrong with the file is said now, and not behind the half hour before its section.
        let questions = try questions.map { try VerdictSection.questions(ofFile: $0) }
        var report = MarkdownReport()
        report.open(command: self)
        // The page is written after every section: a run that is cut short leaves what it has.
        for section in sections {
            switch section {
            case .pairs: try await PairSection(library: library).write(to: &report)
            case .prior:
                try await PriorSection(library: library, seeds: seeds * 2, output: prior).write(to: &report)
            case .context: try await ContextSection(library: library, seeds: seeds).write(to: &report)
            case .answers: try await AnswerJudgeSection(library: library, faqFolder: faq).write(to: &report)
            case .cost:
                try await CostSection(library: library).write(to: &report)
                if let questions {
                    try await VerdictSection(library: library, questions: questions).write(to: &report)
                }
            case .streams: try await StreamSection(library: library, seeds: seeds).write(to: &report)
            case .promise: try await PromiseSection(library: library, splits: splits).write(to: &report)
            case .judge: try await JudgeSection(library: library, seeds: seeds).write(to: &report)
            }
            try report.save(output)
        }
        if output == nil { print(report.text) }
    }

    private static func sections(_ text: String) throws -> [Section] {
        try text.split(separator: ",").map { name in
            guard let section = Section(rawValue: String(name)) else {
                throw ValidationError("there is no section '\(name)', only \(Section.names)")
            }
            return section
        }
    }

    private static func streams(_ text: String) throws -> [String] {
        try text.split(separator: ",").map { name in
            guard DataLibrary.streams.contains(where: { $0.0 == name }) else {
                throw ValidationError("there is no stream '\(name)', only \(DataLibrary.names)")
            }
            return String(name)
        }
    }
}

extension ThresholdBenchmarks.Section {
    fileprivate static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
