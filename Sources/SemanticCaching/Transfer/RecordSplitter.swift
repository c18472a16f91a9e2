/// Cuts a file that arrives in pieces into records: lines, elements of a JSON array, or rows of CSV.
///
/// It looks at each byte once and holds no more than one record.
struct RecordSplitter {
    /// How records are written.
    enum Layout {
        /// One JSON object per line.
        case lines
        /// One JSON array of objects.
        case array
        /// RFC 4180: fields in quotes may hold line ends.
        case csv
    }

    /// A record with the number of the line it starts on, counted from 1.
    struct Record: Equatable {
        let line: Int
        let bytes: [UInt8]
        /// Whether it was longer than ``limit`` and is cut off.
        let isTooLong: Bool
    }

    /// The most bytes that a record may have.
    static let limit = 64 << 20

    private let layout: Layout
    private var pending: [UInt8] = []
    private var line = 1
    private var startLine = 1
    private var isTooLong = false
    private var depth = 0
    private var isQuoted = false
    private var isEscaped = false

    init(_ layout: Layout) { self.layout = layout }

    /// Takes the next piece and returns the records that end in it.
    mutating func append(_ piece: some Sequence<UInt8>) -> [Record] {
        var records: [Record] = []
        for byte in piece {
            switch layout {
            case .lines: if byte == Self.newline { take(into: &records) } else { keep(byte) }
            case .csv:
                if byte == Self.quote { isQuoted.toggle() }
                if byte == Self.newline, !isQuoted { take(into: &records) } else { keep(byte) }
            case .array: scanArray(byte, into: &records)
            }
            if byte == Self.newline { line += 1 }
        }
        return records
    }

    /// Returns the record that the file ends in the middle of, or behind which there is no line end.
    mutating func finish() -> [Record] {
        var records: [Record] = []
        take(into: &records)
        return records
    }

    private mutating func keep(_ byte: UInt8) {
        if pending.isEmpty { startLine = line }
        if pending.count < Self.limit { pending.append(byte) } else { isTooLong = true }
    }

    private mutating func take(into records: inout [Record]) {
        if layout == .csv {
            // Other white space belongs to the last field.
            if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        } else {
            while let last = pending.last, Self.isWhitespace(last) { pending.removeLast() }
        }
        if !pending.allSatisfy(Self.isWhitespace) {
            records.append(Record(line: startLine, bytes: pending, isTooLong: isTooLong))
        }
        pending.removeAll(keepingCapacity: pending.count < 1 << 20)
        isTooLong = false
    }

    /// Follows strings and nesting just far enough to see where an element of the outer array ends.
    private mutating func scanArray(_ byte: UInt8, into records: inout [Record]) {
        if isQuoted {
            keep(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == Self.quote {
                isQuoted = false
            }
            return
        }
        switch byte {
        case Self.quote: isQuoted = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            depth += 1
            if depth == 1 { return }
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            depth -= 1
            if depth == 0 { return take(into: &records) }
        case UInt8(ascii: ",") where depth == 1: return take(into: &records)
        default: if pending.isEmpty, Self.isWhitespace(byte) { return }
        }
        keep(byte)
    }

    static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
}

extension RecordSplitter {
    /// The fields of a row of CSV; nil if its quotes do not match.
    static func fields(ofRow row: [UInt8]) -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var index = 0
        while true {
            if index < row.count, row[index] == quote {
                index += 1
                while index < row.count {
                    if row[index] == quote {
                        guard index + 1 < row.count, row[index + 1] == quote else { break }
                        index += 1
                    }
                    field.append(row[index])
                    index += 1
                }
                guard index < row.count else { return nil }
                index += 1
                guard index == row.count || row[index] == UInt8(ascii: ",") else { return nil }
            } else {
                while index < row.count, row[index] != UInt8(ascii: ",") {
                    guard row[index] != quote else { return nil }
                    field.append(row[index])
                    index += 1
                }
            }
            guard let text = String(validating: field, as: UTF8.self) else { return nil }
            fields.append(text)
            field.removeAll()
            guard index < row.count else { return fields }
            index += 1
        }
    }
}
