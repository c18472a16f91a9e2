import SemanticCaching
import StrictJSON

/// What a cache saved in a span of days, for people and programs.
struct SavingsReport {
    let first: String
    let last: String
    let total: LedgerCounts
    /// The accounts by day, the first one first.
    let days: [(name: String, counts: LedgerCounts)]
    /// The accounts by namespace, that with most requests first; what is kept of conversations is no namespace of its own.
    let namespaces: [(name: String, counts: LedgerCounts)]

    init(_ ledger: [LedgerDay], from first: String, to last: String) {
        self.first = first
        self.last = last
        let own = ledger.filter { !$0.namespace.isConversationPart }
        total = own.map(\.counts).reduce(LedgerCounts(), +)
        days = Dictionary(grouping: own, by: \.day).map { ($0.key, $0.value.map(\.counts).reduce(LedgerCounts(), +)) }
            .sorted { $0.0 < $1.0 }
        namespaces = Dictionary(grouping: own, by: \.namespace.description)
            .map { ($0.key, $0.value.map(\.counts).reduce(LedgerCounts(), +)) }
            .sorted { ($1.1.requests, $0.0) < ($0.1.requests, $1.0) }
    }

    /// The report as a table.
    var lines: [String] {
        guard !total.isEmpty else { return ["nothing happened from \(first) to \(last)"] }
        var table = TextTable([.init(title: "\(first) to \(last)"), .init(title: "", alignment: .right)])
        for (name, value) in summary { table.add([name, value]) }
        var byNamespace = TextTable(
            ["namespace", "requests", "hit rate", "tokens saved", "cost saved"].enumerated().map {
                .init(title: $1, alignment: $0 == 0 ? .left : .right)
            }
        )
        for (name, counts) in namespaces {
            byNamespace.add([
                name, String(counts.requests), Self.percent(counts.hitRate), Self.grouped(counts.savedTokens),
                Self.dollars(counts.savedDollars),
            ])
        }
        return table.lines + [""] + byNamespace.lines
    }

    /// The lines of the summary.
    var summary: [(name: String, value: String)] {
        let t = total
        var rows: [(String, String)] = [
            (
                "hits",
                "\(Self.grouped(t.hits)) (\(t[.exactHits]) exact, \(t[.semanticHits]) semantic, "
                    + "\(t[.coalescedHits]) coalesced, \(t[.staleHits]) stale)"
            ),
            ("misses", Self.grouped(t[.misses])), ("hit rate", Self.percent(t.hitRate)),
            ("tokens saved", Self.grouped(t.savedTokens)), ("  by hits", Self.grouped(t[.savedTokens])),
            ("  by shorter conversations", Self.grouped(t.tokensSavedByShortening)),
            ("tokens the provider had cached", Self.grouped(t[.cachedPromptTokens])),
            ("cost saved", Self.dollars(t.savedDollars)), ("cost spent", Self.dollars(t.spentDollars)),
            ("latency saved", "\(t.savedSeconds.formatted(decimals: 1)) s"),
        ]
        if let mean = t.meanUpstreamSeconds {
            rows.append(("average API latency", "\((mean * 1e3).formatted(decimals: 0)) ms"))
        }
        if let half = t.hitLatency(atShare: 0.5), let most = t.hitLatency(atShare: 0.95) {
            rows.append(
                ("hit latency, p50 and p95", "≤ \(Self.microseconds(half)) µs, ≤ \(Self.microseconds(most)) µs")
            )
        }
        return rows
    }

    /// The report for programs.
    var json: JSONValue {
        [
            "command": "report", "from": .string(first), "to": .string(last), "total": Self.json(of: total),
            "days": .array(days.map { Self.json(of: $0.counts, ("day", $0.name)) }),
            "namespaces": .array(namespaces.map { Self.json(of: $0.counts, ("namespace", $0.name)) }),
        ]
    }

    private static func json(of counts: LedgerCounts, _ name: (key: String, value: String)? = nil) -> JSONValue {
        var object = JSONObject()
        if let name { object[name.key] = .string(name.value) }
        object["requests"] = .integer(counts.requests)
        object["hits"] = .integer(counts.hits)
        object["hit_rate"] = .rounded(counts.hitRate)
        object["saved_tokens"] = .integer(counts.savedTokens)
        object["saved_usd"] = .rounded(counts.savedDollars)
        object["spent_usd"] = .rounded(counts.spentDollars)
        object["saved_seconds"] = .rounded(counts.savedSeconds)
        object["mean_upstream_seconds"] = .rounded(counts.meanUpstreamSeconds)
        object["hit_seconds_p50"] = .rounded(counts.hitLatency(atShare: 0.5))
        object["hit_seconds_p95"] = .rounded(counts.hitLatency(atShare: 0.95))
        object["counts"] = .object(counts.json)
        return .object(object)
    }

    static func percent(_ share: Double) -> String { "\((share * 100).formatted(decimals: 1)) %" }
    static func dollars(_ amount: Double) -> String { "$\(amount.formatted(decimals: amount < 1 ? 4 : 2))" }
    private static func microseconds(_ seconds: Double) -> String { grouped(Int((seconds * 1e6).rounded())) }

    /// A whole number with its thousands apart.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        let text = digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digits[index])
        }
        return number < 0 ? "-" + text : text
    }
}
