import Foundation
import LocalEmbeddings
import Testing

/// The model folder that the reference tests need, and the fixture made from it.
enum ReferenceModel {
    static let folder = BERTEmbedder.defaultFolder()

    /// Set SEMCACHE_SKIP_MODEL_TESTS=1 where the model cannot be had; otherwise a missing model fails the tests.
    static let isSkipped = ProcessInfo.processInfo.environment["SEMCACHE_SKIP_MODEL_TESTS"] == "1"

    /// The default model, loaded once per weight format.
    static let half = Result { try load(half: true) }
    static let single = Result { try load(half: false) }

    private static func load(half: Bool) throws -> BERTEmbedder {
        var configuration = BERTEmbedder.Configuration()
        configuration.usesHalfPrecisionWeights = half
        return try BERTEmbedder.load(folder: folder, configuration: configuration)
    }
}

/// 200 texts with the token ids and vectors that Hugging Face transformers gives them (scripts/make-embedding-fixture).
struct ReferenceFixture {
    let texts: [String]
    let tokens: [[Int32]]
    let vectors: [[Float]]

    static let dimension = 384

    static func load() throws -> ReferenceFixture {
        func file(_ name: String) throws -> Data {
            let url = try #require(Bundle.module.url(forResource: "Fixtures/" + name, withExtension: nil))
            return try Data(contentsOf: url)
        }
        func lines<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> [Value] {
            try file(name).split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(type, from: $0) }
        }
        let halves = try file("vectors.f16")
        let values = halves.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map { index in
                Float(Float16(bitPattern: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
            }
        }
        let fixture = ReferenceFixture(
            texts: try lines("texts.jsonl", String.self),
            tokens: try lines("tokens.jsonl", [Int32].self),
            vectors: stride(from: 0, to: values.count, by: dimension).map { Array(values[$0..<$0 + dimension]) }
        )
        try #require(fixture.texts.count == 200 && fixture.tokens.count == 200 && fixture.vectors.count == 200)
        return fixture
    }
}

/// The cosine of two vectors, in float64.
func cosine(_ a: [Float], _ b: [Float]) -> Double {
    var (dot, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
        dot += Double(x) * Double(y)
        aa += Double(x) * Double(x)
        bb += Double(y) * Double(y)
    }
    return dot / (aa * bb).squareRoot()
}
