import ArgumentParser

/// Looks after the tier that replicas share.
struct RedisTierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redis",
        abstract: "Look after the tier that replicas share.",
        subcommands: [RedisStatusCommand.self, RedisFlushCommand.self, RedisHydrateCommand.self]
    )
}
