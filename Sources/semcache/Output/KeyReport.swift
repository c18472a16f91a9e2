import SemanticCaching
import StrictJSON

/// Why two requests share a key, or why they do not.
struct KeyReport {
    let explanation: KeyExplanation

    func printJSON() {
        let differences = explanation.differences.map { difference -> JSONValue in
            [
                "path": .string(difference.path), "first": .text(difference.first), "second": .text(difference.second),
                "is_keyed": .bool(difference.isKeyed),
            ]
        }
        let result: JSONValue = [
            "command": "explain", "share_key": .bool(explanation.shareKey), "differences": .array(differences),
        ]
        Terminal.write(result.serializedText)
    }

    func printText() {
        Terminal.write(explanation.shareKey ? "the requests share a key" : "the requests do not share a key")
        guard !explanation.differences.isEmpty else { return }
        Terminal.write("")
        var table = TextTable([
            .init(title: "place", maximumWidth: 36), .init(title: "first", maximumWidth: 36),
            .init(title: "second", maximumWidth: 36), .init(title: "part of the key"),
        ])
        for difference in explanation.differences {
            table.add([
                difference.path, difference.first ?? "–", difference.second ?? "–", difference.isKeyed ? "yes" : "no",
            ])
        }
        for line in table.lines { Terminal.write(line) }
    }
}
