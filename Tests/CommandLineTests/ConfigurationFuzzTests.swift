import Foundation
import SemanticCachingTesting
import Testing

@testable import semcache

/// Files that are nearly a configuration: read, or refused in one line that names the place; never a crash.
///
/// The configuration is a part of the program, so it is not among the targets of `scripts/fuzz`.
@Suite struct ConfigurationFuzzTests {
    private static let values = [
        "", "~", "-1", "0", "1e400", "9223372036854775808", "1h 30m", "99999999999d", "1KiB", "8EiB", "true", "yes",
        "[]",
        "{}", "[1, 2]", "{a: b}", "*a", "&a x", "\"\\u0085\\e\"", "'", "|", "- x", "!!binary aGk=", "é\u{7}", "a: b",
        "?",
        "\u{2028}", "\"\\t\\\\\\\"#\"", "((((){1000}){1000}){1000}){1000}", "http://[::1", "x\ny",
    ]

    private func mutate(_ lines: [String], using generator: inout SeededGenerator) -> String {
        var lines = lines
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<lines.count, using: &generator)
            let line = lines[place]
            let value = Self.values.randomElement(using: &generator) ?? ""
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: lines[place] = line.prefix { $0 != ":" } + ": " + value
            case 1: lines.insert(line, at: Int.random(in: 0...lines.count, using: &generator))
            case 2: if lines.count > 1 { lines.remove(at: place) }
            case 3: lines[place] = (Bool.random(using: &generator) ? "  " : "") + line.drop { $0 == " " }
            case 4: lines[place] = line.replacing("# ", with: "")
            default:
                var scalars = Array(line.unicodeScalars)
                let at = Int.random(in: 0...scalars.count, using: &generator)
                scalars.insert(contentsOf: value.unicodeScalars, at: at)
                lines[place] = String(String.UnicodeScalarView(scalars))
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test func aFileIsReadOrRefusedInALine() throws {
        let folder = try Folder()
        // The examples in it are commented out: half of the files have them.
        let plain = try ExampleFile.text().components(separatedBy: "\n")
        let full = try ExampleFile.textWithExamples().components(separatedBy: "\n")
        var generator = SeededGenerator.announced(seed: 71)
        var accepted = 0
        for number in 0..<100 {
            let yaml = mutate(number.isMultiple(of: 2) ? plain : full, using: &generator)
            do {
                let first = SettingsPrinter.text(of: try outcome(of: yaml, in: folder))
                let second = SettingsPrinter.text(of: try outcome(of: first, in: folder))
                if body(second) != body(first) { Issue.record("what is printed reads differently: \(yaml)") }
                accepted += 1
            } catch let fault as ConfigurationFault {
                let isOneLine = !"\(fault)".contains(where: \.isNewline)
                if !isOneLine { Issue.record("a message of several lines: \(fault)") }
                if case .file = fault.origin { continue }
                Issue.record("a message without its place: \(fault), for \(yaml)")
            }
        }
        #expect(accepted > 5)
    }

    private func outcome(of yaml: String, in folder: Folder) throws -> SettingsReader.Outcome {
        try SettingsReader(path: folder.write(yaml, to: "mutated.yaml"), environment: [:]).read()
    }

    /// What was printed, without the origins and without what only says how many keys there are.
    private func body(_ printed: String) -> [Substring] {
        printed.split(separator: "\n").filter { !$0.hasPrefix("# keys") }.map { line in
            line.firstRange(of: "  # ").map { line[..<$0.lowerBound] } ?? line
        }.map { line in line.last == " " ? line.prefix(through: line.lastIndex { $0 != " " } ?? line.startIndex) : line
        }
    }
}
