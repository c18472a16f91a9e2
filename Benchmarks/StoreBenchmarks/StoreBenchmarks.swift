import Foundation
import SQLiteStorage
import SemanticCaching
import Synchronization

/// Measures the durable store: `StoreBenchmarks [entries] [writers,…] [--encrypted] [--full]`; see ``OpenBenchmark`` too.
///
/// Prints what one commit costs on this machine beside what the store makes of it: compare the two, not the seconds.
@main struct StoreBenchmarks {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "full" {
            var benchmark = FullCacheBenchmark(limit: arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000)
            if let policy = arguments.dropFirst(2).first.flatMap(EvictionPolicy.init) { benchmark.policies = [policy] }
            return try await benchmark.run()
        }
        if let command = arguments.first, ["fill", "open"].contains(command), arguments.count > 1 {
            let benchmark = OpenBenchmark(directory: CommandLine.arguments[2])
            if command == "open" { return try await benchmark.open() }
            return try await benchmark.fill(arguments.count > 2 ? UInt64(CommandLine.arguments[3]) ?? 100_000 : 100_000)
        }
        let plain = arguments.filter { !$0.hasPrefix("--") }
        let count = plain.first.flatMap { UInt64($0) } ?? 20_000
        let writers = plain.dropFirst().first?.split(separator: ",").compactMap { Int($0) } ?? [1, 4, 64]
        var options = SQLiteStoreOptions()
        if arguments.contains("--encrypted") { options.encryptionKey = .random() }
        if arguments.contains("--full") { options.synchronous = .full }
        if arguments.contains("--early") { options.durability = .acknowledgeBeforeCommit }
        let workload = Workload(seed: 42)
        print("seed 42, \(count) entries x \(Workload.dimension), synchronous \(options.synchronous.rawValue)")
        try MachineFacts.measure().printLines()
        for writers in writers {
            try await measure(count: count, writers: writers, workload: workload, options: options)
        }
    }

    static func measure(count: UInt64, writers: Int, workload: Workload, options: SQLiteStoreOptions) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "semcache-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        // Made beforehand: the store is measured, not the making of texts and digests.
        let items = (0..<count).map { workload.item($0) }
        let store = try await SQLiteStore.open(at: path, options: options)
        let clock = ContinuousClock()
        let (cpu, written) = (ProcessTime.now(), ProcessWrites.now())
        let insertion = try await clock.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Numbers are given when a put begins, as the engine does.
                let next = Counter()
                for _ in 0..<writers {
                    group.addTask {
                        while case let index = next.take(), index < items.count {
                            _ = try await store.insert(items[index].0, question: items[index].1)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let cpuPerPut = (ProcessTime.now() - cpu) / Double(count)
        let writtenPerPut = (ProcessWrites.now() - written) / Int(count)
        try await store.close()
        let payload = items.reduce(0) { $0 + Workload.payloadBytes($1.0, $1.1) }
        let rate = Double(count) / insertion.seconds
        print(
            "\(writers) writers: \(Int(rate)) puts/s, \(format(cpuPerPut * 1e6)) us of CPU and "
                + "\(writtenPerPut) bytes written per put"
        )

        let reopened: SQLiteStore
        let start = clock.now
        reopened = try await SQLiteStore.open(at: path, options: options)
        let opening = clock.now - start
        let bytes = try await reopened.usage().bytes
        print("  open \(format(opening.seconds * 1e3)) ms, \(bytes / Int(count)) B/entry on disk,", terminator: " ")
        print("\(format(Double(bytes) / Double(payload))) x (vector + text = \(payload / Int(count)) B)")
        var after: UInt64 = 0
        let hydration = try await clock.measure {
            while case let page = try await reopened.questions(after: after, limit: 1024), let last = page.last {
                after = last.question.id
            }
        }
        print("  hydration \(Int(Double(count) / hydration.seconds)) questions/s", terminator: ", ")
        let sample = items.prefix(20_000)
        let lookups = try await clock.measure {
            for item in sample { _ = try await reopened.match(key: item.1.key) }
        }
        print("match by key \(format(lookups.seconds / Double(sample.count) * 1e6)) us")
        try await reopened.close()
    }

    static func format(_ value: Double) -> String { String(format: "%.2f", value) }
}

/// Gives each number once.
private final class Counter: Sendable {
    private let value = Atomic(0)

    func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
