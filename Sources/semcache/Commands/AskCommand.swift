import ArgumentParser
import Embeddings
import SemanticCaching
import StrictJSON

/// The FAQ bot: fills a cache from a file and answers questions from it.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Answer questions from a file of questions and answers, offline.",
        discussion: """
            Without questions on the command line or in --questions, and on a terminal, it asks for them. \
            A miss is answered by nobody: the bot knows what is in the file and says so.
            """
    )

    @Argument(help: "Questions to answer.")
    var questions: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("JSONL with \"question\" and \"answer\" in each line.", valueName: "file")
    )
    var data: String

    @Option(
        name: .customLong("questions"),
        help: ArgumentHelp("File of questions to answer: JSONL with \"text\", or plain lines.", valueName: "file")
    )
    var questionFile: String?

    @Option(name: .long, help: "The similarity that a match must reach, from 0 to 1.")
    var threshold: Float = 0.80

    @Option(name: .long, help: ArgumentHelp("Answer only the first so many questions.", valueName: "count"))
    var limit: Int?

    @Flag(name: .long, help: "Stop after the given questions, also on a terminal.")
    var once = false

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...1).contains(threshold) else { throw ValidationError("--threshold must be from 0 to 1") }
        guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("--limit must be positive") }
    }

    func run() async throws {
        let bot = try await FAQBot.make(data: data, threshold: threshold, embedder: embedding.makeEmbedder())
        var asked = questions
        if let questionFile { asked += try Self.texts(at: questionFile) }
        if let limit { asked = Array(asked.prefix(limit)) }
        var report = AskReport(isJSON: output.json)
        for question in asked { report.add(try await bot.answer(question)) }
        if !asked.isEmpty { report.printSummary(storedCount: bot.storedCount) }
        guard !once, Terminal.isInputInteractive, Terminal.isOutputInteractive else { return }
        try await converse(with: bot)
    }

    private func converse(with bot: FAQBot) async throws {
        Terminal.write("\nAsk a question (Ctrl-D ends):")
        while true {
            print("> ", terminator: "")
            Terminal.flush()
            guard let line = readLine() else { return Terminal.write("") }
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            let answered = try await bot.answer(line)
            for line in answered.conversationLines { Terminal.write(line) }
        }
    }

    /// The questions of a file: JSON lines if the first line is an object, else one a line.
    private static func texts(at path: String) throws -> [String] {
        let lines = try DataFile.lines(at: path)
        if lines.first?.first == UInt8(ascii: "{") {
            return try DataFile.questions(at: path, requiringAnswers: false).map(\.question)
        }
        return lines.map { String(decoding: $0, as: UTF8.self) }.filter { $0.contains { !$0.isWhitespace } }
    }
}
