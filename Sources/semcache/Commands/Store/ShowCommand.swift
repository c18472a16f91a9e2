import ArgumentParser
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Shows everything about one answer.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an answer with all its questions; exit with 1 if it is not there."
    )

    @Argument(help: "The id of the answer, as ls prints it.")
    var id: EntryID

    @OptionGroup var data: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await data.withStore(for: .reading) { store -> (CacheEntry, [CachedQuestion], EntryUse?)? in
            guard let entry = try await store.entry(id) else { return nil }
            return (entry, try await store.questions(of: id), try await store.use(of: [id]).first)
        }
        guard let (entry, questions, use) = found else {
            Terminal.writeError("semcache: there is no answer \(id)")
            throw ExitCode(Failure.notFound)
        }
        if output.json {
            var object: JSONObject = ["command": "show"]
            for member in entry.json(questions: questions, use: use).members { object[member.key] = member.value }
            return Terminal.write(JSONValue.object(object).serializedText)
        }
        printText(entry, questions, use)
    }

    private func printText(_ entry: CacheEntry, _ questions: [CachedQuestion], _ use: EntryUse?) {
        let now = SystemClock().now
        let version = entry.promptVersion.isEmpty ? "" : ", prompts \(entry.promptVersion)"
        Terminal.write("id         \(entry.id)")
        Terminal.write("namespace  \(entry.namespace)")
        Terminal.write("model      \(entry.model)\(version)")
        Terminal.write("created    \(entry.createdAt.iso8601) (\(entry.createdAt.ageText(now: now)) old)")
        let expiry = entry.expiresAt.map { "\($0.iso8601) (\($0 <= now ? "expired" : $0.ageText(now: now)))" }
        Terminal.write("expires    \(expiry ?? "never")")
        Terminal.write("tags       \(entry.tags.isEmpty ? "none" : entry.tags.joined(separator: " "))")
        let last = use?.lastUsedAt.map { ", last at \($0.iso8601)" } ?? ""
        Terminal.write("hits       \(use?.hits ?? 0)\(last)")
        Terminal.write("size       \(entry.byteCount(with: questions).byteText)")
        for question in questions {
            let matching = question.vector == nil ? " (word for word only)" : ""
            Terminal.write("question   \(question.text)\(matching)")
        }
        Terminal.write("")
        Terminal.write(entry.reply.text)
    }
}
