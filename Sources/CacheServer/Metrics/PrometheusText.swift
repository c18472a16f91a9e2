/// Writes metrics in the text format of Prometheus (version 0.0.4).
struct PrometheusText {
    private(set) var text = ""

    /// Starts a metric.
    mutating func begin(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// Adds a sample.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += name + (list.isEmpty ? "" : "{\(list)}") + " " + Self.number(value) + "\n"
    }

    /// Adds a metric of a single sample.
    mutating func single(_ name: String, _ type: String, _ help: String, _ value: Double) {
        begin(name, type, help)
        sample(name, [], value)
    }

    /// Adds a histogram, its buckets cumulative.
    mutating func histogram(_ name: String, _ help: String, _ series: [(labels: [(String, String)], Histogram)]) {
        begin(name, "histogram", help)
        for (labels, histogram) in series {
            var total = 0
            for (index, count) in histogram.counts.enumerated() {
                total += count
                let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
                sample(name + "_bucket", labels + [("le", bound)], Double(total))
            }
            sample(name + "_sum", labels, histogram.sum)
            sample(name + "_count", labels, Double(total))
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
