// The table of all policies over every labelled set, from one command:
//
//     SEMCACHE_DATA=/path/to/data swift run -c release ThresholdBenchmarks --output docs/QUALITY.md
//
// `--questions FILE`, a text of questions one a line, adds what a verdict costs among a hundred thousand of them (questions.txt.gz of
// the data, unpacked). Vectors come from the local model once and are kept in `--vectors` (default ~/.cache/semcache/vectors).

import CacheTuning
import FoundationEssentials

@main
struct ThresholdBenchmarks {
    static func main() async throws {
        let options = Options(CommandLine.arguments)
        guard let folder = options.dataFolder else {
            print("SEMCACHE_DATA is not set: nothing to measure. See the README of the labelled data.")
            return
        }
        let library = DataLibrary(folder: folder, vectorFolder: options.vectorFolder, streams: options.streams)
        var report = MarkdownReport()
        report.open(options: options)
        // The page is written after every section: a run that is cut short leaves what it has.
        for section in options.sections {
            switch section {
            case "pairs": try await PairSection(library: library).write(to: &report)
            case "prior":
                let section = PriorSection(library: library, seeds: options.seeds * 2, output: options.prior)
                try await section.write(to: &report)
            case "context": try await ContextSection(library: library, seeds: options.seeds).write(to: &report)
            case "answers":
                try await AnswerJudgeSection(library: library, faqFolder: options.faqFolder).write(to: &report)
            case "cost":
                try await CostSection(library: library).write(to: &report)
                try await VerdictSection(library: library, questions: options.questions).write(to: &report)
            case "streams": try await StreamSection(library: library, seeds: options.seeds).write(to: &report)
            case "promise": try await PromiseSection(library: library, splits: options.splits).write(to: &report)
            case "judge": try await JudgeSection(library: library, seeds: options.seeds).write(to: &report)
            default: print("unknown section: \(section)")
            }
            try report.save(options.output)
        }
        if options.output == nil { print(report.text) }
    }
}

/// What the command line asks for.
struct Options {
    var dataFolder: String?
    var vectorFolder: String
    var output: String?
    var prior: String?
    var streams: [String]?
    var questions: String?
    var faqFolder = "Examples/FAQBot/Data"
    var seeds = 2
    var splits = 20
    var sections = Options.allSections

    static let allSections = ["pairs", "streams", "promise", "prior", "judge", "answers", "context", "cost"]

    init(_ arguments: [String]) {
        let environment = ProcessInfo.processInfo.environment
        dataFolder = environment["SEMCACHE_DATA"]
        vectorFolder = (environment["HOME"] ?? ".") + "/.cache/semcache/vectors"
        var index = 1
        while index + 1 < arguments.count {
            switch arguments[index] {
            case "--data": dataFolder = arguments[index + 1]
            case "--vectors": vectorFolder = arguments[index + 1]
            case "--output": output = arguments[index + 1]
            case "--streams": streams = arguments[index + 1].split(separator: ",").map(String.init)
            case "--prior": prior = arguments[index + 1]
            case "--questions": questions = arguments[index + 1]
            case "--faq": faqFolder = arguments[index + 1]
            case "--seeds": seeds = Int(arguments[index + 1]) ?? seeds
            case "--splits": splits = Int(arguments[index + 1]) ?? splits
            case "--sections": sections = arguments[index + 1].split(separator: ",").map(String.init)
            default: break
            }
            index += 2
        }
    }
}
