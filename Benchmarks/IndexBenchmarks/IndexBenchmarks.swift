import ArgumentParser
import BenchmarkSupport
import Glibc
import VectorSearch

/// The worker that `scripts/bench-index` drives: builds one index, then answers timed passes over the queries.
///
///     IndexBenchmarks DIR/real384 --m 16 --construction 128
///
/// One command a line on standard input, one line of key=value back:
///
///     search COUNT EFFORT THREADS MINIMUM FILE [LABEL]     a pass over all queries; ids (UInt64) go to FILE unless it is -
///     latency COUNT EFFORT 1 MINIMUM -                     wall-clock microseconds of single searches: p50, p99
///     churn FRACTION                                       replaces this share of the entries; CPU per removal and insertion
///     quit
@main
struct IndexBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "IndexBenchmarks",
        abstract: "Builds a graph index and answers timed passes that standard input asks for; see scripts/bench-index."
    )

    @Argument(help: "Data set PREFIX.fbin with PREFIX_queries.fbin.")
    var prefix: String

    @Option(help: "Links of an entry in the upper layers.")
    var m = HNSWConfiguration().maximumDegree

    @Option(help: "Candidates that an insertion looks at.")
    var construction = HNSWConfiguration().constructionEffort

    @Option(help: "Threads that build the index.")
    var threads = 1

    @Option(help: "Only the first so many rows; 0 for all.")
    var rows = 0

    @Option(help: "Folder for the float32 rows in a mapped file, in place of memory.")
    var storage: String?

    func validate() throws {
        guard m > 1, construction > 0, threads > 0, rows >= 0 else {
            throw ValidationError("--m must be above 1, --construction and --threads above 0, --rows 0 or more")
        }
    }

    func run() throws {
        let session = try BenchmarkSession(
            rows: MatrixFile(path: prefix + ".fbin", limit: rows),
            queries: MatrixFile(path: prefix + "_queries.fbin"),
            configuration: index,
            threads: threads
        )
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "search", "latency": Self.emit(try session.search(words))
            case "churn": Self.emit(try session.churn(words))
            case "quit": return
            default: Self.emit("error=unknown")
            }
        }
    }

    private var index: HNSWConfiguration {
        var configuration = HNSWConfiguration()
        configuration.maximumDegree = m
        configuration.constructionEffort = construction
        if let storage { configuration.vectorStorage = .temporaryFile(directory: storage) }
        return configuration
    }

    /// Writes a line at once: the driver waits for it, and buffered output would keep it waiting.
    static func emit(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
