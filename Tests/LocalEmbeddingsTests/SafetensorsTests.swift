import Foundation
import LocalEmbeddings
import Testing

/// Hostile weight files, through the door by which they come: a model folder.
@Suite struct SafetensorsTests {
    private static let model = TinyModel(hiddenSize: 4, layers: 1, heads: 1, intermediateSize: 4, positions: 4)

    private func load(_ file: [UInt8], in folder: TemporaryFolder) -> Result<BERTEmbedder, ModelFolderError> {
        do {
            try folder.write(file, to: "model.safetensors")
            return .success(try folder.load())
        } catch let error as ModelFolderError {
            return .failure(error)
        } catch {
            Issue.record("\(error)")
            return .failure(.unsupported(""))
        }
    }

    private func weights() -> [UInt8] {
        var builder = SafetensorsBuilder()
        for tensor in Self.model.tensors() { builder.add(tensor.name, shape: tensor.shape, tensor.values) }
        return builder.build()
    }

    @Test func aFileCutAnywhereInItsHeaderIsRefused() throws {
        let folder = try Self.model.write()
        let whole = weights()
        let headerEnd = 8 + Int(UInt64(littleEndian: whole.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }))
        for length in Array(0..<headerEnd) + [headerEnd, whole.count - 1] {
            guard case .failure(.invalidWeights) = load(Array(whole[..<length]), in: folder) else {
                Issue.record("a file of \(length) bytes was accepted")
                continue
            }
        }
        #expect(throws: Never.self) { try load(whole, in: folder).get() }
    }

    /// Every outcome is fine except a crash: most mutations are errors, a few are harmless.
    @Test(arguments: [UInt64(1), 2, 3])
    func aMutatedHeaderNeverCrashes(seed: UInt64) throws {
        print("seed \(seed)")
        var generator = SplitMix(seed: seed)
        let folder = try Self.model.write()
        let whole = weights()
        let headerEnd = 8 + Int(UInt64(littleEndian: whole.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }))
        let tokens = Array("{}[]\",:0123456789-eE.\\u".utf8) + [0, 0x20, 0x7F, 0x80, 0xFF]
        var refused = 0
        for _ in 0..<400 {
            var file = whole
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let at = Int.random(in: 0..<headerEnd, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: file[at] = tokens.randomElement(using: &generator) ?? 0
                case 1: file[at] = UInt8.random(in: .min ... .max, using: &generator)
                case 2: file.remove(at: at)
                default: file.insert(tokens.randomElement(using: &generator) ?? 0, at: at)
                }
            }
            if case .failure = load(file, in: folder) { refused += 1 }
        }
        #expect(refused > 300)
    }

    @Test(arguments: [
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "no tensor owns byte 4"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "no tensor owns byte 0"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "has a shape of 8 bytes in 4 bytes"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 4, "lies outside of the file"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,4]}}", 8, "lies outside of the file"),
        (
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
            "is larger than memory"
        ),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,0]}}", 0, "too large"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,0]}}", 0, "whole number"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "] is expected"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]}}", 4, "starts with 0"),
        ("{\"a\":{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "element type"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "two data_offsets"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4, "each once"),
        ("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "each once"),
        (
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
                + "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, "occurs twice"
        ),
        (
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[2,5]}}", 5, "overlap at byte 2"
        ),
        ("{\"__metadata__\":{\"k\":1}}", 0, "\" is expected"),
        ("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "occurs twice"),
        ("{\"\\ud800\":{}}", 0, "surrogate"), ("{\"\\u12\":{}}", 0, "hexadecimal"), ("{\"a", 0, "does not end"),
        ("{} x", 0, "more after"), (" {}", 0, "does not start with {"), ("[]", 0, "does not start with {"),
    ])
    func aContradictoryHeaderIsExplained(header: String, bytes: Int, expected: String) throws {
        let folder = try Self.model.write()
        let file = SafetensorsBuilder.file(header: header, data: Data(count: bytes))
        guard case .failure(.invalidWeights(let error)) = load(file, in: folder) else {
            Issue.record("the file was accepted")
            return
        }
        #expect("\(error)".contains(expected))
        #expect(!"\(error)".contains("\n"))
    }

    @Test func hugeLengthsAreRefusedBeforeTheyAreUsed() throws {
        let folder = try Self.model.write()
        for length in [0, 100_000_001, UInt64(Int64.max), .max] {
            let file = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8)
            guard case .failure(.invalidWeights(.invalidHeaderLength(length))) = load(file, in: folder) else {
                Issue.record("the length \(length) was accepted")
                continue
            }
        }
        let empty = load([], in: folder)
        guard case .failure(.invalidWeights(.truncated(bytes: 0))) = empty else {
            Issue.record("an empty file was accepted")
            return
        }
    }

    @Test func integersAreNoWeightsAndUnalignedDataIsRead() throws {
        let folder = try Self.model.write()
        var (integers, floats) = (SafetensorsBuilder(), SafetensorsBuilder())
        for (index, tensor) in Self.model.tensors().enumerated() {
            let bytes = tensor.values.withUnsafeBytes { Data($0) }
            integers.add(tensor.name, type: index == 0 ? "I32" : "F32", shape: tensor.shape, bytes: bytes)
            // One odd byte in front puts every float at an odd address.
            if index == 0 { floats.add("odd", type: "U8", shape: [1], bytes: Data([1])) }
            floats.add(tensor.name, shape: tensor.shape, tensor.values)
        }
        guard case .failure(.invalidWeights(.unsupportedElementType)) = load(integers.build(), in: folder) else {
            Issue.record("integers were accepted")
            return
        }
        #expect(throws: Never.self) { try load(floats.build(alignment: 1), in: folder).get() }
    }
}
