/// Reads the records of an import file that arrives in pieces, whichever program wrote it.
///
/// The first byte tells the kind of file: `{` for one JSON object per line, `[` for a JSON array, anything else for CSV
/// with names of columns in its first row.
package struct ImportReader {
    /// A record that can be used, or why it cannot.
    package enum Item: Hashable, Sendable {
        /// A record.
        case record(TransferRecord, line: Int)
        /// Something that is none.
        case rejected(RejectedRecord)
    }

    private var splitter: RecordSplitter?
    private var layout = RecordSplitter.Layout.lines
    private var columns: [String]?
    private var head: [UInt8] = []

    /// Creates a reader at the start of a file.
    package init() {}

    /// Takes the next piece and returns the records that end in it.
    package mutating func append(_ piece: [UInt8]) -> [Item] {
        guard splitter == nil else { return (splitter?.append(piece) ?? []).compactMap { item($0) } }
        // Kept until it shows what kind of file this is.
        head += piece
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]  // the byte order mark that spreadsheets put before CSV
        if head.count < mark.count, mark.starts(with: head) { return [] }
        if head.starts(with: mark) { head.removeFirst(mark.count) }
        guard let first = head.first(where: { !RecordSplitter.isWhitespace($0) }) else {
            return []
        }
        switch first {
        case UInt8(ascii: "{"): layout = .lines
        case UInt8(ascii: "["): layout = .array
        default: layout = .csv
        }
        var splitter = RecordSplitter(layout)
        let records = splitter.append(head)
        self.splitter = splitter
        head = []
        return records.compactMap { item($0) }
    }

    /// Returns the record at the end of the file, if it does not end in a line end.
    package mutating func finish() -> [Item] { (splitter?.finish() ?? []).compactMap { item($0) } }

    private mutating func item(_ record: RecordSplitter.Record) -> Item? {
        func rejected(_ reason: String) -> Item {
            .rejected(RejectedRecord(line: record.line, reason: reason, bytes: record.bytes))
        }
        guard !record.isTooLong else { return rejected("longer than \(RecordSplitter.limit) bytes") }
        do throws(TransferFault) {
            guard layout == .csv else { return .record(try TransferRecord(json: record.bytes), line: record.line) }
            guard let fields = RecordSplitter.fields(ofRow: record.bytes) else {
                throw TransferFault("quotes do not match, or the text is not UTF-8")
            }
            guard let columns else {
                columns = fields
                return nil
            }
            return .record(try TransferRecord(fields: fields, columns: columns), line: record.line)
        } catch {
            return rejected(error.message)
        }
    }
}
