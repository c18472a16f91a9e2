import ArgumentParser

/// Measures the durable store; docs/performance/store.md has the figures.
///
///     StoreBenchmarks 20000 1,4,64 --encrypted     puts of 1, of 4 and of 64 writers
///     StoreBenchmarks full 100000 lru              a cache at its limit beside a nearly empty one
///     StoreBenchmarks fill DIR 1000000             a cache to be opened; goes on where it ended
///     StoreBenchmarks open DIR                     in a process of its own, as often as one likes
@main
struct StoreBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "StoreBenchmarks",
        abstract: "Measures the durable store: its puts, a cache at its limit, and how soon a large one answers.",
        subcommands: [PutBenchmark.self, FullCacheBenchmark.self, FillCommand.self, OpenCommand.self],
        defaultSubcommand: PutBenchmark.self
    )
}
