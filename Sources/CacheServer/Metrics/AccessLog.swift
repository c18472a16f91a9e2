internal import SemanticCaching
internal import StrictJSON

/// Writes one line of JSON for each request: when, what kind, how it was answered, and not what was said
/// unless the configuration wants the question.
struct AccessLog: Sendable {
    private let sink: @Sendable (String) -> Void
    private let clock: any CacheClock

    /// Creates a log that gives each line to the sink.
    init(clock: any CacheClock, sink: @escaping @Sendable (String) -> Void) {
        self.clock = clock
        self.sink = sink
    }

    func write(_ record: RequestRecord) {
        var line: JSONObject = [
            "time_ms": .integer(Int(clock.now.milliseconds)), "id": .string(record.id),
            "method": .string(record.method), "path": .string(record.path), "status": .integer(record.status),
            "duration_ms": Self.milliseconds(record.start.duration(to: .now)),
            "first_byte_ms": Self.milliseconds(record.timeToFirstByte),
        ]
        if !record.namespace.isEmpty { line["namespace"] = .string(record.namespace) }
        if let question = record.question { line["question"] = .string(question) }
        if let disposition = record.disposition {
            line["outcome"] = .string(disposition.outcome.rawValue.lowercased())
            line["reason"] = .string(disposition.reason.rawValue)
            if let tier = disposition.verdict?.tier { line["tier"] = .string(tier.rawValue) }
            if let similarity = disposition.verdict?.similarity { line["similarity"] = .double(Double(similarity)) }
            if let entry = disposition.entry { line["entry"] = .string("\(entry)") }
            line["lookup_ms"] = Self.milliseconds(disposition.lookup)
        }
        sink(JSONValue.object(line).serializedText)
    }

    private static func milliseconds(_ duration: Duration) -> JSONValue {
        .double((duration.inSeconds * 1e6).rounded() / 1e3)
    }
}
