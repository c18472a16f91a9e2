import Foundation

/// The configuration that ships, `deploy/semcache.example.yaml`.
enum ExampleFile {
    /// Where it lies.
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../deploy/semcache.example.yaml").standardizedFileURL.path

    /// What stands in front of the examples.
    static let mark = "# ---- Examples"

    /// Its text as it stands, with the examples commented out.
    static func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// Its text with the examples in effect.
    ///
    /// Sentences have one space behind the `#`, lines of examples none or their indentation.
    static func textWithExamples() throws -> String {
        var isExample = false
        let lines = try text().components(separatedBy: "\n").map { line in
            if line.hasPrefix(mark) { isExample = true }
            guard isExample, line.hasPrefix("#"), line.hasPrefix("#  ") || !line.hasPrefix("# ") else { return line }
            return String(line.dropFirst())
        }
        return lines.joined(separator: "\n")
    }
}
