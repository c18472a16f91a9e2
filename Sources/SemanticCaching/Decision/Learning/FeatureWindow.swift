/// The last rows of features, in a ring of fixed size.
struct FeatureWindow: Sendable, Codable {
    private(set) var rows: [Float] = []
    private(set) var marks: [Bool] = []
    private var next = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { marks.count }

    /// Adds a row with a mark, in place of the oldest when the window is full.
    mutating func append(_ row: [Float], mark: Bool) {
        precondition(row.count == PolicyFeature.count, "a row has one value per feature")
        if marks.count < capacity {
            rows += row
            marks.append(mark)
        } else {
            let start = next * PolicyFeature.count
            for index in row.indices { rows[start + index] = row[index] }
            marks[next] = mark
            next = (next + 1) % capacity
        }
    }
}
