import Glibc
import VectorSearch

/// The worker that `scripts/bench-index` drives: builds one index, then answers timed passes over the queries.
///
///     IndexBenchmarks DATA/real384 [m=16] [construction=128] [threads=1] [rows=0] [storage=DIRECTORY]
///
/// One command a line on standard input, one line of key=value back:
///
///     search COUNT EFFORT THREADS MINIMUM FILE [LABEL]     a pass over all queries; ids (UInt64) go to FILE unless it is -
///     latency COUNT EFFORT 1 MINIMUM -                     wall-clock microseconds of single searches: p50, p99
///     churn FRACTION                                       replaces this share of the entries; CPU per removal and insertion
///     quit
@main
enum IndexBenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let prefix = arguments.first else {
            emit("usage: IndexBenchmarks DATA/SET [m=16] [construction=128] [threads=1] [rows=0] [storage=DIR]", to: 2)
            exit(64)
        }
        let settings = Settings(arguments.dropFirst())
        let session = try BenchmarkSession(prefix: prefix, settings: settings)
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "search", "latency": emit(try session.search(words))
            case "churn": emit(try session.churn(words))
            case "quit": return
            default: emit("error=unknown")
            }
        }
    }

    /// Writes a line at once: the driver waits for it, and buffered output would keep it waiting.
    static func emit(_ line: String, to descriptor: Int32 = 1) {
        let bytes = Array((line + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
