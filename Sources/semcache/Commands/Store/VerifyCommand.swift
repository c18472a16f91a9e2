import ArgumentParser
import SQLiteStorage
import StrictJSON

/// Checks everything that is stored.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every page, checksum, vector and link; exit with 65 if something is wrong.",
        discussion: """
            With --repair, damaged answers are removed (the cache asks for them again), and tags, indexes and counts are \
            made anew. Without it, verify works beside a running server.
            """
    )

    @Flag(name: .long, help: "Repair what is wrong.")
    var repair = false

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try await data.withStore(for: repair ? .writing : .reading) { try await $0.verify(repair: repair) }
        output.json ? printJSON(report) : printText(report)
        if !report.isSound, !report.isRepaired { throw ExitCode(Failure.Code.badData.rawValue) }
    }

    private func printJSON(_ report: StoreReport) {
        var counts = JSONObject()
        for kind in StoreReport.Kind.allCases { counts[kind.rawValue] = report.counts[kind].map { .integer($0) } }
        let findings = report.findings.map { finding -> JSONValue in
            ["kind": .string(finding.kind.rawValue), "subject": .string(finding.subject)]
        }
        let result: JSONValue = [
            "command": "verify", "sound": .bool(report.isSound), "repaired": .bool(report.isRepaired),
            "entries": .integer(report.entries), "questions": .integer(report.questions),
            "vectors": .integer(report.vectors), "counts": .object(counts), "findings": .array(findings),
        ]
        Terminal.write(result.serializedText)
    }

    private func printText(_ report: StoreReport) {
        Terminal.write(
            "checked \(report.entries.counted("answer")), \(report.questions.counted("question")) and "
                + "\(report.vectors.counted("vector")): "
                + (report.isSound ? "sound" : report.isRepaired ? "repaired" : "damaged")
        )
        for finding in report.findings { Terminal.write("  \(finding)") }
        let rest = report.counts.values.reduce(0, +) - report.findings.count
        if rest > 0 { Terminal.write("  and \(rest) more") }
        if !report.isSound, !report.isRepaired { Terminal.writeError("semcache: run verify --repair to mend it") }
    }
}
