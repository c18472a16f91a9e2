import ArgumentParser

/// How a command prints its result.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON (docs/CLI.md describes it).")
    var json = false
}
