import Embeddings
import FoundationEssentials
import Glibc
import LocalEmbeddings
import VectorKernels

/// Times the embedder on request, so that scripts/bench-embedding can alternate it with another library in one run.
///
///     echo '{"texts": ["How do I reset my password?"], "iterations": 100}' | EmbeddingBenchmarks
///
/// Each line of standard input is one request; each gives one line with the milliseconds of every iteration.
/// Arguments: `--float32` holds the weights in single precision; `--threads N` uses N threads (default 1).
@main
enum EmbeddingBenchmarks {
    private struct Request: Decodable {
        let texts: [String]
        let iterations: Int
    }

    private struct Report: Encodable {
        let isa: String
        let tokens: Int
        let cpu: [Double]
        let wall: [Double]
    }

    static func main() async throws {
        var configuration = BERTEmbedder.Configuration()
        configuration.threads = 1
        let arguments = CommandLine.arguments
        configuration.usesHalfPrecisionWeights = !arguments.contains("--float32")
        if let flag = arguments.firstIndex(of: "--threads"), flag + 1 < arguments.count {
            configuration.threads = Int(arguments[flag + 1]) ?? 1
        }
        let start = seconds(CLOCK_MONOTONIC)
        let embedder = try BERTEmbedder.load(folder: BERTEmbedder.defaultFolder(), configuration: configuration)
        let loading = (seconds(CLOCK_MONOTONIC) - start) * 1000
        note("loaded \(embedder.model.id) in \(Int(loading)) ms, \(embedder.weightBytes >> 20) MiB packed")
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            let report = try await measure(request, with: embedder)
            print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
            fflush(nil)
        }
    }

    private static func measure(_ request: Request, with embedder: BERTEmbedder) async throws -> Report {
        var (cpu, wall): ([Double], [Double]) = ([], [])
        var tokens = 0
        for _ in 0..<request.iterations {
            let start = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
            let embeddings = try await embedder.embed(request.texts)
            cpu.append((seconds(CLOCK_PROCESS_CPUTIME_ID) - start.0) * 1000)
            wall.append((seconds(CLOCK_MONOTONIC) - start.1) * 1000)
            tokens = embeddings.reduce(0) { $0 + ($1.tokenCount ?? 0) }
        }
        return Report(isa: InstructionSet.current.description, tokens: tokens, cpu: cpu, wall: wall)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func note(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
