import ArgumentParser
import Embeddings
import StrictJSON
import VectorSearch

/// Finds the texts of a file that are nearest to a text.
struct NearestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nearest",
        abstract: "Find the questions of a file that are nearest to a text."
    )

    @Argument(help: "The text.")
    var text: String

    @Option(name: .long, help: ArgumentHelp("JSONL with \"question\" (or \"text\") in each line.", valueName: "file"))
    var data: String

    @Option(name: .short, help: "How many to show.")
    var k = 5

    @OptionGroup var embedding: EmbedderOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(k) else { throw ValidationError("-k must be from 1 to 10000") }
    }

    func run() async throws {
        let lines = try DataFile.questions(at: data, requiringAnswers: false)
        let embedder = try embedding.makeEmbedder()
        let vectors = try await Progress.embed(lines.map(\.question), with: embedder)
        let index = FlatIndex(dimension: embedder.model.dimension)
        for (number, vector) in vectors.enumerated() { try index.insert(vector.vector, id: UInt64(number)) }
        let neighbors = try index.search(try await embedder.embed(text).vector, count: k)
        output.json ? printJSON(neighbors, lines, embedder) : printTable(neighbors, lines)
    }

    private func printJSON(_ neighbors: [Neighbor], _ lines: [QuestionAndAnswer], _ embedder: any Embedder) {
        let found = neighbors.map { neighbor -> JSONValue in
            let line = lines[Int(neighbor.id)]
            return [
                "similarity": .rounded(neighbor.similarity), "question": .string(line.question),
                "answer": .text(line.answer),
            ]
        }
        let result: JSONValue = [
            "command": "nearest", "model": .string(embedder.model.id), "text": .string(text), "nearest": .array(found),
        ]
        Terminal.write(result.serializedText)
    }

    private func printTable(_ neighbors: [Neighbor], _ lines: [QuestionAndAnswer]) {
        var table = TextTable([
            .init(title: "similarity", alignment: .right), .init(title: "question", maximumWidth: 100),
        ])
        for neighbor in neighbors {
            table.add([neighbor.similarity.formatted(decimals: 4), lines[Int(neighbor.id)].question])
        }
        for line in table.lines { Terminal.write(line) }
    }
}
