import CacheServer
import SemanticCaching

@testable import CacheServer
@testable import RedisTier
@testable import SemanticCaching

extension FuzzTarget {
    /// A file of questions and answers: the same records however it is cut, and each can be used, sent and exported.
    static let importFile = FuzzTarget(name: "import-file") { bytes in
        var whole = ImportReader()
        let items = whole.append(bytes) + whole.finish()
        var pieces = ImportReader()
        var cut: [ImportReader.Item] = []
        for byte in bytes { cut += pieces.append([byte]) }
        cut += pieces.finish()
        try demand(cut == items, "cutting the file changed its records")
        for item in items {
            guard case .record(.answer(let record), _) = item else { continue }
            try checkExport(of: record)
            try checkTransport(of: record)
            try serve(record.entry)
        }
    }

    private static func checkExport(of record: AnswerRecord) throws {
        var reader = ImportReader()
        let items = reader.append(record.jsonLine(withVectors: true)) + reader.finish()
        guard items.count == 1, case .record(.answer(var again), _) = items[0] else {
            throw PropertyViolation(description: "an export cannot be read")
        }
        var expected = record
        // A model is written for the sake of its vector.
        for index in expected.questions.indices where expected.questions[index].vector == nil {
            expected.questions[index].embeddingModel = nil
        }
        let latencies = (expected.entry.upstreamLatency ?? .zero, again.entry.upstreamLatency ?? .zero)
        try demand(abs((latencies.0 - latencies.1).inSeconds) < 1e-6, "an export has another latency")
        again.entry.upstreamLatency = expected.entry.upstreamLatency
        try demand(again == expected, "an export reads differently")
    }

    private static func checkTransport(of record: AnswerRecord) throws {
        let entry = try demanded(try EntryCodec.decodeEntry(EntryCodec.encode(record.entry)), "replicas refuse it")
        try demand(entry == record.entry, "replicas get another answer")
        for question in record.questions {
            let again = try demanded(
                try EntryCodec.decodeQuestion(EntryCodec.encode(question)),
                "replicas refuse a wording"
            )
            try demand(again == question, "replicas get another wording")
        }
    }

    private static func serve(_ entry: CacheEntry) throws {
        var verdict = Verdict(.hit, reason: .exactMatch, tier: .exact)
        verdict.reply = entry.reply
        verdict.savedCost = entry.cost
        verdict.savedLatency = entry.upstreamLatency
        let counters = LookupCounters()
        for _ in 0..<3 { counters.count(verdict) }
        _ = counters.snapshot + counters.snapshot
        for api in WireAPI.allCases {
            let body = ReplyCodec.json(of: entry.reply, api: api, model: "m") { TokenUsage() }
            try demand(!body.isEmpty || entry.reply.wire?.json.isEmpty == true, "an answer without a body")
            let form = WireForm(isStream: true, includesUsage: true)
            let events = ReplyCodec.events(of: entry.reply, api: api, model: "m", form: form) { TokenUsage() }
            try demand(!events.isEmpty, "an answer without an event")
        }
    }
}
