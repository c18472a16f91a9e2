internal import FoundationEssentials

/// The last rows of features, in a ring of fixed size.
struct FeatureWindow: Sendable {
    private(set) var rows: [Float] = []
    private(set) var marks: [Bool] = []
    /// What each row is about; 0 for rows that nobody will correct.
    private var pairs: [UInt64] = []
    private var finals: [Bool] = []
    private var next = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { marks.count }

    /// Whether a model can be fitted to the rows; that they are whole is seen to when they are read.
    var isSound: Bool { rows.allSatisfy(\.isFinite) }

    /// Adds a row with a mark, in place of the oldest when the window is full.
    mutating func append(_ row: [Float], mark: Bool, pair: UInt64? = nil, isFinal: Bool = false) {
        precondition(row.count == PolicyFeature.count, "a row has one value per feature")
        if marks.count < capacity {
            rows += row
            marks.append(mark)
            pairs.append(pair ?? 0)
            finals.append(isFinal)
        } else {
            let start = next * PolicyFeature.count
            for index in row.indices { rows[start + index] = row[index] }
            marks[next] = mark
            pairs[next] = pair ?? 0
            finals[next] = isFinal
            next = (next + 1) % capacity
        }
    }

    /// The row about a pair; nil if the window has none.
    ///
    /// - Complexity: O(*n*).
    func row(of pair: UInt64) -> Int? { pairs.lastIndex(of: pair) }

    /// Whether a row's mark is a person's, and stays.
    func isFinal(_ row: Int) -> Bool { finals[row] }

    /// Puts a person's mark in place of a row's.
    mutating func correct(_ row: Int, mark: Bool) {
        marks[row] = mark
        finals[row] = true
    }
}

extension FeatureWindow: Codable {
    private enum CodingKeys: CodingKey {
        case rows, marks, pairs, finals, next, capacity
    }

    /// Reads a window; one whose parts do not fit together is refused.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let bytes = try container.decode(Data.self, forKey: .rows)
        marks = try container.decode([Bool].self, forKey: .marks)
        pairs = try container.decode([UInt64].self, forKey: .pairs)
        finals = try container.decode([Bool].self, forKey: .finals)
        next = try container.decode(Int.self, forKey: .next)
        capacity = try container.decode(Int.self, forKey: .capacity)
        rows = bytes.withUnsafeBytes { raw in
            (0..<raw.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        guard rows.count == marks.count * PolicyFeature.count, pairs.count == marks.count, finals.count == marks.count,
            capacity > 0, marks.count <= capacity, next >= 0, next < capacity
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .rows,
                in: container,
                debugDescription: "\(marks.count) labels of another version of the policy"
            )
        }
    }

    /// Writes the rows as bytes: as numbers in text they would be four times as long.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var bytes = Data(capacity: rows.count * 4)
        for value in rows { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        try container.encode(bytes, forKey: .rows)
        try container.encode(marks, forKey: .marks)
        try container.encode(pairs, forKey: .pairs)
        try container.encode(finals, forKey: .finals)
        try container.encode(next, forKey: .next)
        try container.encode(capacity, forKey: .capacity)
    }
}
