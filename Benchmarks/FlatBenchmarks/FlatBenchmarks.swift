import ArgumentParser
import BenchmarkSupport
import VectorKernels
import VectorSearch

/// Flat search beside the bare `cblas_sgemv` of the same rows, interleaved query by query in one process.
///
///     FlatBenchmarks DIR/real384 --sizes 1000,10000 --queries 1000
///
/// Times are CPU microseconds per query, medians; recall is against the exact reference path.
@main
struct FlatBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "FlatBenchmarks",
        abstract: "Measures flat search beside bare cblas_sgemv of the same rows, in turns."
    )

    /// How the results are written.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, tsv }

    @Argument(help: "Data set PREFIX.fbin with PREFIX_queries.fbin; clustered vectors are generated without it.")
    var prefix: String?

    @Option(help: "Numbers of rows to measure with.", transform: { try [Int](counts: $0) })
    var sizes = [1000, 10_000, 100_000]

    @Option(help: "How many queries.")
    var queries = 200

    @Option(help: "Components of generated vectors.")
    var dimension = 384

    @Option(help: "Seed of generated vectors.")
    var seed: UInt64 = 1

    @Option(help: "Candidates that the scan of sign bits compares in full.")
    var candidates = 256

    @Flag(help: "Measure the graph index too.")
    var graph = false

    @Option(help: "Measure scans of so many principal components too.")
    var components = 0

    @Option(help: "Measure lookups beside insertions instead, from so many entries on.")
    var traffic: Int?

    @Option(help: "How to print: \(Format.allCases.map(\.rawValue).joined(separator: " or ")).")
    var format = Format.text

    mutating func validate() throws {
        guard queries > 0, dimension > 0, candidates > 0, components >= 0, traffic ?? 1 > 0 else {
            throw ValidationError("every number must be above 0")
        }
    }

    func run() throws {
        let rows = sizes.max() ?? 1
        let data =
            try prefix.map { try DataSet(prefix: $0, rows: rows, queries: queries) }
            ?? DataSet(generating: rows, queries: queries, dimension: dimension, seed: seed)
        if format == .text {
            print("data \(data.name), \(data.dimension) components, \(data.queries.count) queries")
            print("kernels \(InstructionSet.current), BLAS \(BLASProvider.current.name)")
        }
        if let traffic { return try Traffic(data: data, preloaded: traffic).run() }
        for size in sizes where size <= data.rowCount {
            let comparison = try Comparison(
                data: data,
                size: size,
                candidates: candidates,
                hasGraph: graph,
                components: components
            )
            let results = try comparison.run()
            switch format {
            case .text: Self.printTable(results, size: size)
            case .tsv: for result in results { print("\(size)\t\(result.name)\t\(result.micros)\t\(result.recall)") }
            }
        }
    }

    private static func printTable(_ results: [Comparison.Result], size: Int) {
        print("\nn = \(size)")
        print(
            pad("", 26) + pad("CPU µs", 12) + pad("× sgemv", 12) + pad("recall@1", 12) + pad("exact", 8) + "bytes/entry"
        )
        let bare = results.first?.micros ?? 1
        for result in results {
            print(
                pad(result.name, 26) + pad(result.micros.rounded(places: 1), 12)
                    + pad((bare / result.micros).rounded(places: 2), 12)
                    + pad(result.recall.rounded(places: 4), 12) + pad(result.isExact ? "yes" : "no", 8)
                    + result.bytesPerEntry.rounded(places: 0)
            )
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
