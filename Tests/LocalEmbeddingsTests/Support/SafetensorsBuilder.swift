import Foundation

/// Writes safetensors files, correct ones and others.
struct SafetensorsBuilder {
    private var entries: [String] = []
    private var data = Data()

    /// Appends a tensor of float32 numbers.
    mutating func add(_ name: String, shape: [Int], _ values: [Float]) {
        add(name, type: "F32", shape: shape, bytes: values.withUnsafeBytes { Data($0) })
    }

    /// Appends a tensor of any type.
    mutating func add(_ name: String, type: String, shape: [Int], bytes: Data) {
        let (begin, end) = (data.count, data.count + bytes.count)
        let dimensions = shape.map(String.init).joined(separator: ",")
        entries.append(
            "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(dimensions)],\"data_offsets\":[\(begin),\(end)]}"
        )
        data.append(bytes)
    }

    func build(alignment: Int = 8) -> [UInt8] {
        var header = Data("{\(entries.joined(separator: ","))}".utf8)
        while !header.count.isMultiple(of: alignment) { header.append(0x20) }
        return Self.file(header: header, data: data)
    }

    static func file(header: String, data: Data = Data()) -> [UInt8] {
        file(header: Data(header.utf8), data: data)
    }

    static func file(header: Data, data: Data) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
    }
}
