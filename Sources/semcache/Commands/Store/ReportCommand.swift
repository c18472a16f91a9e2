import ArgumentParser
import Foundation
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Says what a cache saved.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Say what a cache saved: tokens, money and time, by namespace and day.",
        discussion: """
            Works beside a running server, whose last half minute may be missing. Money is counted with the prices that \
            were configured when it was saved.
            """
    )

    /// A hundred years: nobody has accounts of more, and no date of them is beyond the calendar.
    private static let days = 1...36_500

    @Option(name: .long, help: ArgumentHelp("How many days, today included.", valueName: "count"))
    var days = 30

    @Option(name: .long, help: ArgumentHelp("Only this namespace.", valueName: "name"))
    var namespace: String?

    @Option(name: .long, help: ArgumentHelp("Write a page with plots to this file, - for standard output."))
    var html: String?

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard Self.days.contains(days) else {
            throw ValidationError(
                "--days must be a whole number from \(Self.days.lowerBound) to \(Self.days.upperBound)"
            )
        }
    }

    func run() async throws {
        let now = SystemClock().now
        let first = Timestamp(milliseconds: now.milliseconds - Int64(days - 1) * 86_400_000).day
        let ledger = try await data.withStore(for: .reading) { try await $0.ledger(since: first) }
        let report = SavingsReport(
            ledger.filter { namespace == nil || $0.namespace.name == namespace },
            from: first,
            to: now.day
        )
        if let html {
            let file = try OutputFile(path: html)
            try file.write(Array(report.html.utf8))
            try file.finish()
        } else if output.json {
            Terminal.write(report.json.serializedText)
        } else {
            for line in report.lines { Terminal.write(line) }
        }
    }
}
