import Foundation
import Testing

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
