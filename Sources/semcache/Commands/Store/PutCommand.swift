import ArgumentParser
import Embeddings
import SQLiteStorage
import SemanticCaching
import StrictJSON

/// Stores one answer.
struct PutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Store the answer to a question, in place of the one that is there."
    )

    @Argument(help: "The question.")
    var question: String

    @Argument(help: "The answer.")
    var answer: String

    @Option(name: .long, help: ArgumentHelp("How long the answer is fresh, such as 12h. [default: for ever]"))
    var ttl: DurationArgument?

    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp("Name under which the answer can be invalidated, such as doc:42; may be repeated.")
    )
    var tags: [String] = []

    @Flag(name: .long, help: "Store for matches word for word only; needs no model.")
    var exact = false

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var data: StoreOptions
    @OptionGroup var rules: RuleOptions
    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard question.contains(where: { !$0.isWhitespace }) else { throw ValidationError("the question is empty") }
        guard !answer.isEmpty else { throw ValidationError("the answer is empty") }
        guard !tags.contains("") else { throw ValidationError("a tag is empty") }
    }

    func run() async throws {
        let configuration = try rules.configuration
        let embedder = exact ? nil : try embedding.makeEmbedder()
        let id = try await data.withStore(for: .writing) { store in
            let writer = try await AnswerWriter.make(
                store: store,
                embedder: embedder,
                scope: scope.scope,
                timeToLive: ttl?.duration,
                configuration: configuration,
                conflict: .replace
            )
            return try await writer.write(QuestionAnswerPair(question: question, answer: answer, tags: tags))
        }
        if output.json {
            let result: JSONValue = [
                "command": "put", "stored": .bool(id != nil), "entry": .text(id?.description),
            ]
            Terminal.write(result.serializedText)
        } else {
            Terminal.write(id?.description ?? "unchanged: the same answer is there already")
        }
    }
}
