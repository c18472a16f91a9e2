import Foundation
import SemanticCaching
import Testing

@testable import CacheServer

/// What operators are told to watch is there to be watched.
@Suite struct AlertTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The names of the metrics that the server gives, those of the shared tier among them.
    private func metrics() async throws -> Set<String> {
        let statistics = await (try SemanticCache(embedder: nil)).statistics()
        var text = PrometheusText(ServerMetrics().values, statistics, inFlight: 0, exchanges: 0)
        text.add(SharedTierStatistics())
        var names: Set<String> = []
        for match in text.text.matches(of: #/# TYPE (semcache_[a-z_]+) ([a-z]+)/#) {
            names.insert(String(match.1))
            guard match.2 == "histogram" else { continue }
            for suffix in ["_bucket", "_sum", "_count"] { names.insert(match.1 + suffix) }
        }
        return names
    }

    @Test(arguments: ["deploy/prometheus-rules.yml", "docs/OPERATIONS.md", "docs/SERVER.md", "docs/SCALING.md"])
    func everyMetricThatIsNamedExists(path: String) async throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        let known = try await metrics()
        let named = Set(text.matches(of: #/\bsemcache_[a-z_]*[a-z]\b(?!…)/#).map { String($0.output) })
        #expect(!named.isEmpty)
        // The beginning of several names, as `grep` takes it, is no metric itself.
        let unknown = named.filter { name in !known.contains(name) && !known.contains { $0.hasPrefix(name + "_") } }
        #expect(unknown.isEmpty, "\(unknown.sorted())")
    }

    /// Each alert is in the table of the operators' page, and the page names none that there is not.
    @Test func everyAlertHasItsRunbook() throws {
        func text(_ path: String) throws -> String {
            try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        }
        let alerts = Set(try text("deploy/prometheus-rules.yml").matches(of: #/alert: (\w+)/#).map { String($0.1) })
        let page = try text("docs/OPERATIONS.md")
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| Semcache") }
        let named = Set(rows.joined().matches(of: #/Semcache[A-Z]\w+/#).map { String($0.output) })
        #expect(alerts == named)
        let headings = Set(page.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { $0.dropFirst(4) })
        for link in rows.joined(separator: "\n").matches(of: #/\[([^\]]+)\]\(#/#) { #expect(headings.contains(link.1)) }
        #expect(rows.count >= 5)
    }
}
