import Foundation
import SemanticCaching

/// Shows that the cache answers questions that it has never seen worded that way, then takes yours.
@main
enum FAQBot {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.allSatisfy({ $0 == "--once" }) else {
            end("usage: FAQBot [--once]    (--once: take no questions from the terminal)", code: 64)
        }
        let isInteractive = arguments.isEmpty && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        do {
            let faq = try FAQ(folder: dataFolder)
            let bot = try await Bot(answering: faq.items)
            await demonstrate(bot, faq)
            if isInteractive { await converse(with: bot) }
        } catch { end("FAQBot: \(error)", code: 69) }
    }

    private static func demonstrate(_ bot: Bot, _ faq: FAQ) async {
        var report = Report()
        for query in faq.queries {
            let (verdict, latency) = await bot.answer(query.text)
            report.add(query.text, verdict, latency, expecting: faq.answer(to: query))
        }
        report.printSummary(stored: faq.items.count)
    }

    private static func converse(with bot: Bot) async {
        print("\nAsk about accounts, orders, devices, the API … (Ctrl-D ends)")
        while let question = prompt() {
            let (verdict, latency) = await bot.answer(question)
            print(verdict.reply?.text ?? "I do not know that one.")
            let nearest = verdict.nearest.first.map { "\($0.similarity) to “\($0.question)”, " } ?? ""
            print("(\(verdict.reason.rawValue), \(nearest)\(Report.milliseconds(latency)))\n")
        }
    }

    private static func prompt() -> String? {
        print("> ", terminator: "")
        fflush(nil)
        return readLine()
    }

    /// The folder beside this package's sources.
    private static var dataFolder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Data").standardizedFileURL
    }

    private static func end(_ message: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data("\(message)\n".utf8))
        exit(code)
    }
}
