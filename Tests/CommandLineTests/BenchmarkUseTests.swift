import Foundation
import Testing

/// The programs that measure take arguments as the tool does: wrong ones end with what to do, and never in a trap.
@Suite struct BenchmarkUseTests {
    private static let programs = [
        "ConversationBenchmarks", "EmbeddingBenchmarks", "EngineBenchmarks", "ExactCacheBenchmarks", "FlatBenchmarks",
        "IndexBenchmarks", "RedisBenchmarks", "StaticServer", "StoreBenchmarks", "ThresholdBenchmarks",
    ]

    private func run(_ program: String, _ arguments: [String]) async throws -> Tool.Run {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return try await Tool.run(arguments, program: folder.appendingPathComponent(program).path)
    }

    @Test(arguments: programs)
    func helpNamesTheProgram(_ program: String) async throws {
        let help = try await run(program, ["--help"])
        #expect(help.code == 0)
        #expect(help.output.contains("USAGE: \(program)"))
        #expect(try await run(program, ["--bogus"]).code == 64)
    }

    @Test(arguments: [
        ("StoreBenchmarks many", "'many' is invalid"), ("StoreBenchmarks 0", "must be above 0"),
        ("StoreBenchmarks 100 1,x", "'x' is not a number above 0; write counts as 1000,10000"),
        ("StoreBenchmarks full 10", "must be 100 or more"), ("StoreBenchmarks full 1000 mru", "'mru' is invalid"),
        ("StoreBenchmarks open /nonexistent", "make one with StoreBenchmarks fill /nonexistent"),
        ("StoreBenchmarks fill", "Missing expected argument"),
        ("RedisBenchmarks localhost", "it has no scheme, as in redis://host:6379"),
        ("RedisBenchmarks redis://h?prefix=a", "the run has a prefix of its own"),
        ("RedisBenchmarks redis://h 0", "must be above 0"),
        ("RedisBenchmarks redis://h 9 lokups", "'lokups' is invalid"),
        ("ThresholdBenchmarks", "give the folder of the labelled data with --data, or in $SEMCACHE_LABELLED_DATA"),
        ("ThresholdBenchmarks --data /nonexistent", "there is no /nonexistent"),
        ("ThresholdBenchmarks --data / --sections pairs,cots", "there is no section 'cots', only pairs, streams"),
        ("ThresholdBenchmarks --data / --streams x", "there is no stream 'x', only stream_banking77"),
        ("ThresholdBenchmarks --data / --seeds 0", "must be above 0"), ("EngineBenchmarks -- -1", "must be above 0"),
        ("ConversationBenchmarks --data /nonexistent", "has no stream_sgd_multiturn.jsonl"),
        ("FlatBenchmarks --sizes 10,0", "'0' is not a number above 0"), ("StaticServer 8080 -- -1", "0 or more"),
    ])
    func wrongArgumentsSayWhatToDo(_ line: String, _ message: String) async throws {
        let words = line.split(separator: " ").map(String.init)
        let wrong = try await run(words[0], Array(words.dropFirst()))
        #expect(wrong.code == 64, "\(wrong.error)")
        #expect(wrong.error.contains(message), "\(wrong.error)")
        #expect(wrong.output.isEmpty)
    }
}
