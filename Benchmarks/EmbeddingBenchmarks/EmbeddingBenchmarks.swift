import ArgumentParser
import BenchmarkSupport
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
@main
struct EmbeddingBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "EmbeddingBenchmarks",
        abstract: "Times the embedder as standard input asks for; see scripts/bench-embedding."
    )

    @Flag(help: "Hold the weights in single precision.")
    var float32 = false

    @Option(help: "How many threads embed.")
    var threads = 1

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

    func validate() throws {
        guard threads > 0 else { throw ValidationError("--threads must be above 0") }
    }

    func run() async throws {
        var configuration = BERTEmbedder.Configuration()
        configuration.threads = threads
        configuration.usesHalfPrecisionWeights = !float32
        let start = BenchmarkClock.wall.now
        let embedder = try BERTEmbedder.load(folder: BERTEmbedder.defaultFolder(), configuration: configuration)
        let loading = (BenchmarkClock.wall.now - start) * 1000
        Self.note("loaded \(embedder.model.id) in \(Int(loading)) ms, \(embedder.weightBytes >> 20) MiB packed")
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            let report = try await Self.measure(request, with: embedder)
            print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
            fflush(nil)
        }
    }

    private static func measure(_ request: Request, with embedder: BERTEmbedder) async throws -> Report {
        var (cpu, wall): ([Double], [Double]) = ([], [])
        var tokens = 0
        for _ in 0..<request.iterations {
            let start = (BenchmarkClock.process.now, BenchmarkClock.wall.now)
            let embeddings = try await embedder.embed(request.texts)
            cpu.append((BenchmarkClock.process.now - start.0) * 1000)
            wall.append((BenchmarkClock.wall.now - start.1) * 1000)
            tokens = embeddings.reduce(0) { $0 + ($1.tokenCount ?? 0) }
        }
        return Report(isa: InstructionSet.current.description, tokens: tokens, cpu: cpu, wall: wall)
    }

    private static func note(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
