import ArgumentParser
import Embeddings
import SemanticCaching
import StrictJSON

/// Compares two texts as the cache would: how near they are, and whether one would be served for the other.
struct SimilarityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similarity",
        abstract: "Show how near two texts are, and whether the cache would serve one for the other."
    )

    @Argument(help: "The question that is asked.")
    var first: String

    @Argument(help: "The question that was answered before.")
    var second: String

    @Option(name: .long, help: "The similarity to reach, from 0 to 1.")
    var threshold = NamespaceSettings().threshold

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...1).contains(threshold) else { throw ValidationError("--threshold must be from 0 to 1") }
        // A text without a word has no meaning to compare.
        guard ![first, second].contains(where: { $0.allSatisfy(\.isWhitespace) }) else {
            throw ValidationError("give two texts that are not empty")
        }
    }

    func run() async throws {
        let embedder = try embedding.makeEmbedder()
        let embeddings = try await embedder.embed([first, second])
        let similarity = cosine(embeddings[0].vector, embeddings[1].vector)
        let candidate = HitCandidate(
            questionID: 1,
            entry: EntryID(high: 0, low: 1),
            text: AnalyzedText(second),
            similarity: similarity
        )
        let context = DecisionContext(
            namespace: NamespaceID(),
            threshold: threshold,
            unknownTokenShare: embeddings.compactMap(\.unknownTokenShare).max()
        )
        var decision = Policies.standard.decide(AnalyzedText(first), among: [candidate], context: context)
        let settings = NamespaceSettings()
        let reasons = zip([first, second], embeddings).compactMap { text, embedding in
            settings.reasonToDistrust(embedding, of: text, by: embedder.model)
        }
        if let reason = reasons.first { (decision.outcome, decision.reason) = (.reject, reason) }
        output.json
            ? printJSON(similarity, embeddings, decision, embedder) : printText(similarity, embeddings, decision)
    }

    private func printJSON(
        _ similarity: Float,
        _ embeddings: [Embedding],
        _ decision: HitDecision,
        _ embedder: any Embedder
    ) {
        let verdict: JSONValue = [
            "command": "similarity",
            "model": .string(embedder.model.id),
            "similarity": .rounded(similarity),
            "threshold": .rounded(decision.threshold),
            "outcome": .string(decision.outcome == .accept ? "hit" : "miss"),
            "reason": .string(decision.reason.rawValue),
            "probability": .rounded(decision.probability),
            "tokens": .array(embeddings.map { $0.tokenCount.map { .integer($0) } ?? .null }),
            "findings": .array(decision.findings.map(\.json)),
        ]
        Terminal.write(verdict.serializedText)
    }

    private func printText(_ similarity: Float, _ embeddings: [Embedding], _ decision: HitDecision) {
        let tokens = embeddings.map { $0.tokenCount.map(String.init) ?? "?" }
        Terminal.write("similarity  \(similarity.formatted(decimals: 4))")
        Terminal.write("threshold   \(decision.threshold.formatted(decimals: 4))")
        Terminal.write("tokens      \(tokens[0]) and \(tokens[1])")
        Terminal.write("outcome     \(decision.outcome == .accept ? "hit" : "miss") (\(decision.reason.rawValue))")
        for finding in decision.findings { Terminal.write("guard       \(finding.text)") }
    }
}

/// The inner product of two unit vectors, from -1 to 1.
func cosine(_ first: [Float], _ second: [Float]) -> Float {
    let sum = zip(first, second).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return Float(min(1, max(-1, sum)))
}
