import ArgumentParser

/// Looks at learned policies.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Look at what a namespace has learned.",
        subcommands: [PolicyShowCommand.self]
    )
}
