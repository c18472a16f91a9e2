import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Says what a cache on disk holds.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Say what a cache holds, by namespace; works beside a running server."
    )

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    private struct Contents {
        var total = StoreUsage()
        var namespaces: [(id: NamespaceID, usage: StoreUsage)] = []
        var expired = 0
        var learned = 0
        var snapshots: [String] = []
    }

    func run() async throws {
        let contents = try await data.withStore(for: .reading) { try await Self.contents(of: $0) }
        output.json ? printJSON(contents) : printText(contents)
    }

    private static func contents(of store: SQLiteStore) async throws -> Contents {
        var contents = Contents()
        contents.total = try await store.usage()
        contents.namespaces = try await store.usageByNamespace()
            .map { (id: $0.key, usage: $0.value) }
            .sorted { ($1.usage.entries, $0.id.description) < ($0.usage.entries, $1.id.description) }
        for (id, _) in contents.namespaces where try await store.metadata(id.policyName) != nil {
            contents.learned += 1
        }
        contents.snapshots = try await FileSnapshotStore(directory: store.directory).names()
        var expired = EntryFilter()
        expired.expiredAt = SystemClock().now
        var last: EntryID?
        while case let page = try await store.entries(matching: expired, after: last, limit: 1024), let end = page.last
        {
            last = end.id
            contents.expired += page.count
        }
        return contents
    }

    private func printJSON(_ contents: Contents) {
        let namespaces = contents.namespaces.map { id, usage -> JSONValue in
            [
                "tenant": .string(id.tenant), "namespace": .string(id.name), "entries": .integer(usage.entries),
                "questions": .integer(usage.questions), "bytes": .integer(usage.bytes),
            ]
        }
        let result: JSONValue = [
            "command": "stats", "entries": .integer(contents.total.entries),
            "questions": .integer(contents.total.questions), "bytes": .integer(contents.total.bytes),
            "expired": .integer(contents.expired), "learned_policies": .integer(contents.learned),
            "snapshots": .array(contents.snapshots.map { .string($0) }), "namespaces": .array(namespaces),
        ]
        Terminal.write(result.serializedText)
    }

    private func printText(_ contents: Contents) {
        let total = contents.total
        Terminal.write(
            "\(total.entries.counted("answer")) to \(total.questions.counted("question")), "
                + "\(total.bytes.byteText) on disk"
        )
        if contents.expired > 0 { Terminal.write("\(contents.expired) of them expired, not yet reclaimed") }
        if contents.learned > 0 { Terminal.write("\(contents.learned) namespaces have a learned policy") }
        guard !contents.namespaces.isEmpty else { return }
        Terminal.write("")
        var table = TextTable([
            .init(title: "namespace"), .init(title: "answers", alignment: .right),
            .init(title: "questions", alignment: .right), .init(title: "size", alignment: .right),
        ])
        for (id, usage) in contents.namespaces {
            table.add([id.description, String(usage.entries), String(usage.questions), usage.bytes.byteText])
        }
        for line in table.lines { Terminal.write(line) }
    }
}
