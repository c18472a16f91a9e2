import Foundation
import Testing

/// Options that a command does not have, or that lack their value, are told by name, whatever else is missing.
@Suite(.timeLimit(.minutes(5))) struct OptionTests {
    /// A command as the parser describes it.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }

            let kind: String
            let preferredName: Name?
        }

        let commandName: String
        let arguments: [Argument]?
        let subcommands: [Command]?

        /// The words that call each command below this one, and its options that take a value.
        func called(_ words: [String] = []) -> [(words: [String], options: [String])] {
            let options = (arguments ?? []).filter { $0.kind == "option" }.compactMap(\.preferredName)
            let own = (words, options.map { ($0.kind == "short" ? "-" : "--") + $0.name })
            let subcommands = (subcommands ?? []).filter { $0.commandName != "help" }
            return [own] + subcommands.flatMap { $0.called(words + [$0.commandName]) }
        }
    }

    private func commands() async throws -> [(words: [String], options: [String])] {
        struct Description: Decodable { let command: Command }
        let run = try await Tool.run("--experimental-dump-help")
        return try JSONDecoder().decode(Description.self, from: Data(run.output.utf8)).command.called()
    }

    @Test func everyCommandNamesAnOptionThatItDoesNotHave() async throws {
        let commands = try await commands()
        #expect(commands.count > 30)
        for (words, _) in commands {
            let run = try await Tool.run(words + ["--bogus"])
            let name = (["semcache"] + words).joined(separator: " ")
            #expect(run.code == 64, "\(name)")
            #expect(run.error == "semcache: there is no option --bogus; see \(name) --help\n")
            #expect(run.output.isEmpty)
        }
    }

    @Test func everyCommandNamesAnOptionThatLacksItsValue() async throws {
        for (words, options) in try await commands() {
            guard let option = options.last else { continue }
            let run = try await Tool.run(words + [option])
            #expect(run.code == 64, "\(words)")
            #expect(run.error.contains("Missing value for '\(option) "), "\(words): \(run.error)")
        }
    }

    @Test(arguments: [
        ("invalidate --tga doc:42", "--tga", "--tag"),
        ("invalidate --near hours --similarty=0.8", "--similarty", "--similarity"),
        ("export --json --namespce faq", "--namespce", "--namespace"),
        ("explain --request a.json b.json", "--request", "--requests"),
        ("event moved --rul x", "--rul", "--rule"),
        ("get --data x --exat", "--exat", "--exact"),
        ("put question answer --embedding-url http://h/v1 --embeding-model m", "--embeding-model", "--embedding-model"),
        ("ls --limit 0 --tenat acme", "--tenat", "--tenant"),
    ])
    func aMisspeltOptionIsToldWithWhatWasMeant(_ line: String, _ written: String, _ meant: String) async throws {
        let run = try await Tool.run(line.split(separator: " ").map(String.init))
        #expect(run.code == 64)
        #expect(run.error == "semcache: there is no option \(written); did you mean \(meant)?\n")
    }

    @Test func aLetterIsAnOptionAndANumberAndADashAreNone() async throws {
        let letter = try await Tool.run("invalidate", "-n", "faq")
        #expect(letter.code == 64)
        #expect(letter.error == "semcache: there is no option -n; see semcache invalidate --help\n")
        for value in [["--limit", "0"], ["-"], ["--", "--bogus"]] {
            let run = try await Tool.run(["ls"] + value)
            #expect(run.code == 64 && !run.error.contains("there is no option"), "\(run.error)")
        }
        let nothing = try await Tool.run("invalidate", "--data", "x")
        #expect(nothing.error.contains("give at least one condition"))
    }
}
