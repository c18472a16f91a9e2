import Foundation
import LocalEmbeddings

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

/// A folder that is removed when the test is over.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("semcache-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Loads the embedder; the folder outlives the call, which `load(folder: folder.path)` would not promise.
    func load(_ configuration: BERTEmbedder.Configuration = .init()) throws(ModelFolderError) -> BERTEmbedder {
        defer { withExtendedLifetime(self) {} }
        return try BERTEmbedder.load(folder: path, configuration: configuration)
    }

    /// Loads the cross-encoder, likewise.
    func loadCrossEncoder() throws(ModelFolderError) -> BERTCrossEncoder {
        defer { withExtendedLifetime(self) {} }
        return try BERTCrossEncoder.load(folder: path)
    }

    func write(_ bytes: some Sequence<UInt8>, to file: String) throws {
        let url = URL(fileURLWithPath: path).appendingPathComponent(file)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}

/// SplitMix64: the same seed gives the same numbers.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
