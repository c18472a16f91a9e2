import Glibc
import VectorKernels
import VectorSearch

/// Flat search beside the bare `cblas_sgemv` of the same rows, interleaved query by query in one process.
///
///     FlatBenchmarks [PREFIX] [sizes=1000,10000,100000] [queries=200] [dimension=384] [candidates=256]
///         [graph=0] [components=0] [traffic=0] [format=text|tsv]
///
/// PREFIX names a data set in the .fbin layout (PREFIX.fbin, PREFIX_queries.fbin). Without one, clustered vectors are
/// generated. `graph=1` adds the graph index, `components=256` scans of so many principal components; `traffic=N`
/// measures lookups beside insertions from N entries on. Times are CPU microseconds per query, medians; recall is
/// against a float64 brute force.
@main
enum FlatBenchmarks {
    static func main() throws {
        let arguments = Arguments(CommandLine.arguments.dropFirst())
        let sizes = arguments.string("sizes", default: "1000,10000,100000").split(separator: ",").compactMap { Int($0) }
        let data = try DataSet(arguments: arguments, rows: sizes.max() ?? 1)
        let candidates = arguments.integer("candidates", default: 256)
        let isTable = arguments.string("format", default: "text") == "text"
        if isTable {
            print("data \(data.name), \(data.dimension) components, \(data.queries.count) queries, seed \(data.seed)")
            print("kernels \(InstructionSet.current), BLAS \(BLASProvider.current.name)")
        }
        let preloaded = arguments.integer("traffic", default: 0)
        if preloaded > 0 { return try Traffic(data: data, preloaded: preloaded).run() }
        for size in sizes where size <= data.rowCount {
            let comparison = try Comparison(
                data: data,
                size: size,
                candidates: candidates,
                hasGraph: arguments.integer("graph", default: 0) != 0,
                components: arguments.integer("components", default: 0)
            )
            let results = try comparison.run()
            if isTable {
                printTable(results, size: size)
            } else {
                for result in results { print("\(size)\t\(result.name)\t\(result.micros)\t\(result.recall)") }
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
                pad(result.name, 26) + pad(decimal(result.micros, 1), 12) + pad(decimal(bare / result.micros, 2), 12)
                    + pad(decimal(result.recall, 4), 12) + pad(result.isExact ? "yes" : "no", 8)
                    + decimal(result.bytesPerEntry, 0)
            )
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func decimal(_ value: Double, _ places: Int) -> String {
        let factor = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let rounded = (value * factor).rounded() / factor
        return places == 0 ? String(Int(rounded)) : String(rounded)
    }
}
