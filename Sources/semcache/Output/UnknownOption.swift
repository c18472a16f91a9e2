import ArgumentParser
import StrictJSON

/// An option that the called command does not have.
///
/// The argument parser looks whether a command was given what it needs before it looks at what is left over: of
/// `invalidate --tga doc:42` it would say that a condition is missing. So whenever it refuses a command line, the options are
/// compared with those of the command.
struct UnknownOption {
    /// The command that is called, such as `semcache index bench`.
    private let command: String
    private let name: String
    /// All options of the command.
    private let known: [String]

    /// Finds the first unknown option of a command line that the parser refused; nil if that is not what is wrong.
    init?(in arguments: some Sequence<String>) {
        // What stands behind -- is no option.
        let arguments = Array(arguments.prefix { $0 != "--" })
        guard let (command, known) = Self.called(by: arguments),
            let unknown = arguments.lazy.compactMap(Self.name(of:)).first(where: { !known.contains($0) })
        else { return nil }
        (self.command, self.known, name) = (command, known, unknown)
    }

    /// One line that says what to do.
    var error: UsageError {
        // All letters are alike.
        let meant = name.hasPrefix("--") ? Spelling.nearest(to: name, among: known) : nil
        let hint = meant.map { "did you mean \($0)?" } ?? "see \(command) --help"
        return UsageError(message: "there is no option \(name); \(hint)")
    }

    /// The command that the arguments call, and its options, as the parser itself describes them.
    private static func called(by arguments: [String]) -> (command: String, options: [String])? {
        do { _ = try SemcacheCommand.parseAsRoot(arguments + ["--experimental-dump-help"]) } catch {
            let text = SemcacheCommand.message(for: error)
            // No description if the parser cannot read the arguments at all, as when an option lacks its value.
            guard let command = (try? JSONValue(parsing: Array(text.utf8)))?["command"],
                let name = command["commandName"]?.stringValue
            else { return nil }
            let parents = command["superCommands"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let names = (command["arguments"]?.arrayValue ?? []).flatMap { $0["names"]?.arrayValue ?? [] }
            let options = names.compactMap { name in
                name["name"]?.stringValue.map { (name["kind"]?.stringValue == "short" ? "-" : "--") + $0 }
            }
            return ((parents + [name]).joined(separator: " "), options)
        }
        return nil
    }

    /// The option that an argument names: `--tag` of `--tag=doc:42`, `-k` of `-k5`; nil if it is a value.
    private static func name(of argument: String) -> String? {
        if argument.hasPrefix("--") { return String(argument.prefix { $0 != "=" }) }
        guard let letter = argument.dropFirst().first, argument.hasPrefix("-"), letter.isLetter else { return nil }
        return "-\(letter)"
    }
}
