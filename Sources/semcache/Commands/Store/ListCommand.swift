import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Lists answers.
struct ListCommand: AsyncParsableCommand {
    /// What the list is sorted by.
    enum Order: String, ExpressibleByArgument, CaseIterable {
        /// Newest first.
        case age
        /// Most served first.
        case hits
        /// Largest first.
        case size
    }

    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List cached answers; works beside a running server."
    )

    @Option(name: .long, help: "Sort by age (newest first), hits (most first) or size (largest first).")
    var sort = Order.age

    @Flag(name: .long, help: "Turn the order round.")
    var reverse = false

    @Option(name: .long, help: ArgumentHelp("How many to list.", valueName: "count"))
    var limit = 50

    @OptionGroup var filter: FilterOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be positive") }
    }

    private struct Row {
        let entry: CacheEntry
        let questions: [CachedQuestion]
        let use: EntryUse?
        /// What decides about the place in the list; the greatest comes first.
        let rank: Int64
    }

    func run() async throws {
        let (rows, total) = try await data.withStore(for: .reading) { store in try await listing(of: store) }
        if output.json {
            let list = rows.map { JSONValue.object($0.entry.json(questions: $0.questions, use: $0.use)) }
            let result: JSONValue = ["command": "ls", "total": .integer(total), "entries": .array(list)]
            return Terminal.write(result.serializedText)
        }
        printTable(rows, total: total)
    }

    /// The rows of the list; no more of them are held than are shown, and one page.
    private func listing(of store: SQLiteStore) async throws -> (rows: [Row], total: Int) {
        var rows: [Row] = []
        var total = 0
        var last: EntryID?
        while case let page = try await store.entries(matching: filter.filter, after: last, limit: 256),
            let end = page.last
        {
            last = end.id
            let uses = try await store.use(of: page.map(\.id))
            let useByID = Dictionary(uses.map { ($0.entry, $0) }, uniquingKeysWith: { $1 })
            for entry in page where filter.admits(entry) {
                let questions = try await store.questions(of: entry.id)
                rows.append(row(entry, questions, useByID[entry.id]))
                total += 1
            }
            if rows.count > 4 * limit + 256 { rows = best(of: rows) }
        }
        return (best(of: rows), total)
    }

    private func row(_ entry: CacheEntry, _ questions: [CachedQuestion], _ use: EntryUse?) -> Row {
        let rank =
            switch sort {
            case .age: entry.createdAt.milliseconds
            case .hits: Int64(clamping: use?.hits ?? 0)
            case .size: Int64(entry.byteCount(with: questions))
            }
        return Row(entry: entry, questions: questions, use: use, rank: reverse ? -rank : rank)
    }

    private func best(of rows: [Row]) -> [Row] {
        Array(rows.sorted { ($1.rank, $0.entry.id) < ($0.rank, $1.entry.id) }.prefix(limit))
    }

    private func printTable(_ rows: [Row], total: Int) {
        let now = SystemClock().now
        var table = TextTable([
            .init(title: "id"), .init(title: "namespace", maximumWidth: 24), .init(title: "question", maximumWidth: 44),
            .init(title: "answer", maximumWidth: 36), .init(title: "hits", alignment: .right),
            .init(title: "size", alignment: .right), .init(title: "age", alignment: .right),
            .init(title: "expires", alignment: .right), .init(title: "tags", maximumWidth: 24),
        ])
        for row in rows {
            let more = row.questions.count > 1 ? " (+\(row.questions.count - 1))" : ""
            table.add([
                row.entry.id.description, row.entry.namespace.description,
                (row.questions.first?.text ?? "") + more, row.entry.reply.text, String(row.use?.hits ?? 0),
                row.entry.byteCount(with: row.questions).byteText, row.entry.createdAt.ageText(now: now),
                row.entry.expiresAt.map { $0 <= now ? "expired" : $0.ageText(now: now) } ?? "never",
                row.entry.tags.joined(separator: " "),
            ])
        }
        if !rows.isEmpty { for line in table.lines { Terminal.write(line) } }
        if rows.count < total || rows.isEmpty { Terminal.writeError("\(rows.count) of \(total) answers") }
    }
}
