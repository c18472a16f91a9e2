import SemanticCaching
import StrictJSON

/// The sum of what several selectors select.
struct InvalidationTotal {
    private(set) var entries = 0
    private(set) var questions = 0
    private(set) var examples: [InvalidationPreview.Example] = []

    mutating func add(_ preview: InvalidationPreview) {
        entries += preview.entries
        questions += preview.questions
        examples += preview.examples.prefix(10 - min(10, examples.count))
    }
}

/// What an invalidation removed, or would remove.
struct InvalidationReport {
    let command: String
    let total: InvalidationTotal
    let isDryRun: Bool

    func print(isJSON: Bool) { isJSON ? printJSON() : printText() }

    private func printJSON() {
        let examples = total.examples.map { example -> JSONValue in
            [
                "id": .string(example.id.description), "tenant": .string(example.namespace.tenant),
                "namespace": .string(example.namespace.name), "question": .string(example.question),
            ]
        }
        let result: JSONValue = [
            "command": .string(command), "dry_run": .bool(isDryRun), "entries": .integer(total.entries),
            "questions": .integer(total.questions), "examples": .array(examples),
        ]
        Terminal.write(result.serializedText)
    }

    private func printText() {
        let what = "\(total.entries.counted("answer")) with \(total.questions.counted("question"))"
        Terminal.write(isDryRun ? "would remove \(what)" : "removed \(what)")
        guard isDryRun else { return }
        for example in total.examples {
            Terminal.write("  \(example.id)  \(example.namespace)  \(example.question)")
        }
        let rest = total.entries - total.examples.count
        if rest > 0 { Terminal.write("  and \(rest) more") }
    }
}
