import Testing
import VectorSearch

@Suite struct FlatSnapshotTests {
    private func filled(_ count: Int, dimension: Int = 24, seed: UInt64 = 3) throws -> FlatIndex {
        var random = SeededGenerator(seed: seed)
        let index = FlatIndex(dimension: dimension)
        for id in 0..<UInt64(count) {
            let attributes = VectorAttributes(label: UInt32(id % 7), expiresAt: id % 2 == 0 ? .max : UInt32(id))
            try index.insert(random.unitVector(dimension), id: id * 3, attributes: attributes)
        }
        return index
    }

    @Test(arguments: [0, 1, 5, 300])
    func restoredIndexAnswersAsTheOriginal(count: Int) throws {
        let original = try filled(count)
        for id in stride(from: UInt64(0), to: UInt64(count * 3), by: 12) { original.remove(id: id) }
        let restored = try FlatIndex(snapshot: original.snapshot())
        #expect(restored.count == original.count)
        #expect(restored.snapshot() == original.snapshot())
        var random = SeededGenerator(seed: 44)
        for _ in 0..<10 {
            let query = random.unitVector(24)
            let options = SearchOptions(filter: VectorFilter(label: 2, notExpiredAt: 50))
            #expect(try restored.search(query, count: 9) == original.search(query, count: 9))
            #expect(
                try restored.search(query, count: 9, options: options)
                    == original.search(query, count: 9, options: options)
            )
        }
        // Ties go on counting where the original stopped.
        let vector = random.unitVector(24)
        for id in [UInt64(9001), 9000] { try restored.insert(vector, id: id) }
        #expect(try restored.search(vector, count: 2).map(\.id) == [9001, 9000])
    }

    /// Every byte of a small snapshot, damaged in several ways: always found.
    @Test func everyDamagedByteIsFound() throws {
        let bytes = try filled(5, dimension: 5).snapshot()
        for index in bytes.indices {
            for flip: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= flip
                #expect(throws: VectorIndexError.self, "byte \(index) ^ \(flip)") {
                    _ = try FlatIndex(snapshot: damaged)
                }
            }
        }
    }

    @Test func everyTruncationAndExtensionIsFound() throws {
        let bytes = try filled(5, dimension: 5).snapshot()
        for length in bytes.indices {
            #expect(throws: VectorIndexError.self, "\(length) bytes") {
                _ = try FlatIndex(snapshot: Array(bytes[..<length]))
            }
        }
        #expect(throws: VectorIndexError.self) { _ = try FlatIndex(snapshot: bytes + [0]) }
        #expect(throws: VectorIndexError.self) { _ = try FlatIndex(snapshot: bytes + [UInt8](repeating: 0, count: 64)) }
        #expect(throws: VectorIndexError.self) { _ = try FlatIndex(snapshot: []) }
    }

    /// Correct checksums over nonsense: what a hostile writer would make.
    @Test func wellFormedNonsenseIsRefused() throws {
        func snapshot(
            ids: [UInt64] = [1, 2],
            sequence: [UInt64] = [0, 1],
            labels: [UInt32] = [0, 0],
            rows: [Float] = [1, 0, 0, 1],
            dimension: Int = 2,
            kind: FourCC = FourCC("FLAT")
        ) -> [UInt8] {
            var writer = SnapshotWriter(kind: kind, dimension: dimension, sectionCount: 5)
            writer.add(FourCC("IDS "), ids)
            writer.add(FourCC("SEQ "), sequence)
            writer.add(FourCC("LABL"), labels)
            writer.add(FourCC("EXPY"), [UInt32](repeating: .max, count: 2))
            writer.add(FourCC("ROWS"), rows)
            return writer.finish()
        }
        #expect(try FlatIndex(snapshot: snapshot()).count == 2)
        let nonsense = [
            snapshot(ids: [1, 1]), snapshot(ids: [1]), snapshot(ids: [1, 2, 3]), snapshot(sequence: [0, .max]),
            snapshot(labels: []), snapshot(rows: [1, 0, 0]), snapshot(rows: [1, 0, .nan, 1]),
            snapshot(rows: [1, 0, 2, 1]), snapshot(rows: [1, 0, 0, 0]), snapshot(dimension: 1),
            snapshot(dimension: 1 << 40), snapshot(kind: FourCC("HNSW")),
        ]
        for (index, bytes) in nonsense.enumerated() {
            #expect(throws: VectorIndexError.self, "case \(index)") { _ = try FlatIndex(snapshot: bytes) }
        }
    }

    @Test func randomBytesAreRefused() {
        var random = SeededGenerator(seed: 6)
        for length in [64, 100, 1000] {
            for _ in 0..<50 {
                let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                #expect(throws: VectorIndexError.self) { _ = try FlatIndex(snapshot: bytes) }
                let signed = SnapshotFormatProbe.magic + bytes.dropFirst(8)
                #expect(throws: VectorIndexError.self) { _ = try FlatIndex(snapshot: signed) }
            }
        }
    }

    private enum SnapshotFormatProbe {
        static let magic = Array("SEMCINDX".utf8)
    }
}
