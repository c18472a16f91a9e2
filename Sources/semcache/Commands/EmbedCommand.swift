import ArgumentParser
import Embeddings
import StrictJSON

/// Embeds lines of standard input.
struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Embed the lines of standard input; prints JSON lines with \"text\" and \"vector\"."
    )

    @Flag(name: .long, help: "Read JSON lines with a \"text\" each, instead of plain lines.")
    var jsonl = false

    @OptionGroup var embedding: EmbedderOptions

    func run() async throws {
        let embedder = try embedding.makeEmbedder()
        if Terminal.isInputInteractive {
            Terminal.writeError("reading \(jsonl ? "JSON lines" : "texts"), one a line; end with Ctrl-D")
        }
        var batch: [String] = []
        var count = 0
        var number = 0
        while let line = readLine() {
            number += 1
            batch.append(try text(of: line, number: number))
            if batch.count == 64 { try await flush(&batch, &count, embedder) }
        }
        try await flush(&batch, &count, embedder)
        Terminal.clearProgress()
    }

    private func text(of line: String, number: Int) throws -> String {
        guard jsonl else { return line }
        do {
            guard let text = try JSONValue(parsing: line.utf8)["text"]?.stringValue else {
                throw DataFileError(path: "standard input", line: number, message: "\"text\" must be a text")
            }
            return text
        } catch let error as JSONError {
            throw DataFileError(path: "standard input", line: number, message: error.description)
        }
    }

    private func flush(_ batch: inout [String], _ count: inout Int, _ embedder: any Embedder) async throws {
        guard !batch.isEmpty else { return }
        for (text, embedding) in zip(batch, try await embedder.embed(batch)) {
            let line: JSONValue = [
                "text": .string(text), "vector": .array(embedding.vector.map { .number(JSONNumber(shortest: $0)) }),
            ]
            Terminal.write(line.serializedText)
        }
        count += batch.count
        batch.removeAll(keepingCapacity: true)
        Terminal.showProgress("embedded \(count) texts")
    }
}

extension JSONNumber {
    /// The shortest decimal that reads back as the same float32; vectors are finite.
    fileprivate init(shortest value: Float) { self = JSONNumber(value.description) ?? JSONNumber(0) }
}
