internal import FoundationEssentials
internal import StrictJSON

/// Reads the rows of a CSV or JSONL file as named text fields.
///
/// CSV follows RFC 4180: quoted fields, doubled quotes, line breaks inside quotes; the first row names the columns.
/// JSONL has one object per line; a file that is one array of objects is read too.
public enum TableReader {
    /// The rows of a file; its content tells the format.
    ///
    /// - Throws: ``TuningError``.
    /// - Complexity: O(*n*) for *n* bytes.
    public static func rows(ofFile path: String) throws(TuningError) -> [[String: String]] {
        var isFolder = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        guard !isFolder else { throw .unreadable(path: path, reason: "it is a folder") }
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw .unreadable(path: path, reason: "no such file, or no permission")
        }
        return try rows(of: [UInt8](data))
    }

    /// The rows of a file's bytes.
    public static func rows(of bytes: [UInt8]) throws(TuningError) -> [[String: String]] {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        switch bytes.first(where: { $0 > 0x20 }) {
        case UInt8(ascii: "{"): return try jsonLines(bytes)
        case UInt8(ascii: "["): return try jsonArray(bytes)
        default: return try commaSeparated(bytes)
        }
    }

    // MARK: - JSON

    private static func jsonLines(_ bytes: ArraySlice<UInt8>) throws(TuningError) -> [[String: String]] {
        var rows: [[String: String]] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let value: JSONValue
            do throws(JSONError) { value = try JSONValue(parsing: line) } catch {
                throw .malformed(line: number, reason: error.message)
            }
            guard let object = value.objectValue else { throw .malformed(line: number, reason: "not an object") }
            rows.append(fields(of: object))
        }
        return rows
    }

    private static func jsonArray(_ bytes: ArraySlice<UInt8>) throws(TuningError) -> [[String: String]] {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes).arrayValue?.compactMap { $0.objectValue.map(fields) } ?? []
        } catch {
            throw .malformed(line: 1, reason: error.message)
        }
    }

    private static func fields(of object: JSONObject) -> [String: String] {
        var fields: [String: String] = [:]
        for member in object.members {
            switch member.value {
            case .string(let text): fields[member.key] = text
            case .number(let number): fields[member.key] = number.text
            case .bool(let flag): fields[member.key] = flag ? "1" : "0"
            case .null: break
            default: fields[member.key] = member.value.serializedText
            }
        }
        return fields
    }

    // MARK: - CSV

    private static func commaSeparated(_ bytes: ArraySlice<UInt8>) throws(TuningError) -> [[String: String]] {
        var records = try records(bytes)
        guard !records.isEmpty else { return [] }
        let header = records.removeFirst().fields.map { $0.trimmed.lowercased() }
        var rows: [[String: String]] = []
        rows.reserveCapacity(records.count)
        for record in records where !(record.fields.count == 1 && record.fields[0].isEmpty) {
            guard record.fields.count == header.count else {
                throw .malformed(line: record.line, reason: "\(record.fields.count) fields instead of \(header.count)")
            }
            rows.append(Dictionary(zip(header, record.fields)) { first, _ in first })
        }
        return rows
    }

    private static func records(_ bytes: ArraySlice<UInt8>) throws(TuningError) -> [(line: Int, fields: [String])] {
        var records: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var line = 1
        var recordLine = 1
        var index = bytes.startIndex
        func finishField() {
            fields.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
        }
        while index < bytes.endIndex {
            let byte = bytes[index]
            let next = index + 1 < bytes.endIndex ? bytes[index + 1] : 0
            if byte == 0x0A { line += 1 }
            if isQuoted {
                if byte == 0x22, next == 0x22 {
                    field.append(byte)
                    index += 1
                } else if byte == 0x22 {
                    isQuoted = false
                } else {
                    field.append(byte)
                }
            } else if byte == 0x22, field.isEmpty {
                isQuoted = true
            } else if byte == 0x2C {
                finishField()
            } else if byte == 0x0A {
                finishField()
                records.append((recordLine, fields))
                fields = []
                recordLine = line
            } else if !(byte == 0x0D && next == 0x0A) {
                field.append(byte)
            }
            index += 1
        }
        guard !isQuoted else { throw .malformed(line: recordLine, reason: "a quote is never closed") }
        if !field.isEmpty || !fields.isEmpty {
            finishField()
            records.append((recordLine, fields))
        }
        return records
    }
}

extension String {
    /// The text without blanks at its ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
