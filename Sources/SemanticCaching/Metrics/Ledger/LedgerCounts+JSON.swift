public import StrictJSON

extension LedgerCounts {
    /// The counts by their names, without those that are zero.
    public var json: JSONObject {
        var object = JSONObject()
        for field in Field.allCases where self[field] != 0 { object[field.rawValue] = .integer(self[field]) }
        if let last = hitLatencies.lastIndex(where: { $0 != 0 }) {
            object["hit_latencies"] = .array(hitLatencies[...last].map { .integer($0) })
        }
        return object
    }

    /// Reads counts; what is missing is zero, and what a newer version added is left out.
    public init(json: JSONObject) {
        self.init()
        for field in Field.allCases { self[field] = json[field.rawValue]?.intValue ?? 0 }
        for (place, count) in (json["hit_latencies"]?.arrayValue ?? []).enumerated() {
            setHits(at: place, to: count.intValue ?? 0)
        }
    }
}
