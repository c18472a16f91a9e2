import Foundation
import Testing

@testable import VectorKernels

@Suite struct MappedSlabTests {
    private static let page = 4096
    private static let rows = 9000

    /// A file with a page of something else and then rows of 64 floats, each its own number.
    private func makeFile() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "semcache-slab-\(UUID().uuidString)")
        let values = (0..<Self.rows * 64).map { Float($0 / 64) }
        try (Data(repeating: 9, count: Self.page) + values.withUnsafeBytes { Data($0) }).write(to: url)
        return url
    }

    @Test func rowsAreUsedWhereTheyLie() throws {
        let url = try makeFile()
        defer { try? FileManager.default.removeItem(at: url) }
        let before = try Data(contentsOf: url)
        var slab = VectorSlab(width: 64)
        // The file object goes; the pages stay.
        do {
            let file = try MappedFile(path: url.path)
            #expect(slab.adopt(rows: Self.rows) { file.map(Self.page..<file.count, at: $0) })
        }
        for row in [0, 1, 4095, Self.rows - 1] {
            #expect(slab.row(row)[0] == Float(row) && slab.row(row)[63] == Float(row))
        }
        slab.row(7)[3] = -1
        slab.reserve(rows: Self.rows + 1)
        #expect(slab.row(Self.rows)[0] == 0)
        // Beyond what was set aside: the rows move.
        slab.reserve(rows: slab.capacity + 1)
        for row in 0..<Self.rows { #expect(slab.row(row)[1] == Float(row)) }
        #expect(slab.row(7)[3] == -1)
        slab.row(slab.capacity - 1)[0] = 5
        slab.removeAll()
        #expect(try Data(contentsOf: url) == before, "what is written stays in memory")
    }

    @Test func whatCannotBeMappedIsRefused() throws {
        let url = try makeFile()
        defer { try? FileManager.default.removeItem(at: url) }
        let file = try MappedFile(path: url.path)
        var slab = VectorSlab(width: 64)
        #expect(!slab.adopt(rows: Self.rows) { file.map(64..<file.count, at: $0) }, "between two pages")
        #expect(!slab.adopt(rows: Self.rows) { file.map(Self.page..<file.count + 1, at: $0) }, "beyond the file")
        #expect(!slab.adopt(rows: 100) { _ in true }, "too few")
        var padded = VectorSlab(width: 63)
        #expect(!padded.adopt(rows: Self.rows) { _ in true }, "rows with padding")
        slab.reserve(rows: 1)
        #expect(!slab.adopt(rows: Self.rows) { _ in true }, "it has rows")
        slab.row(0)[0] = 1
        #expect(slab.row(0)[0] == 1)
    }

    @Test func aChecksumOfPiecesSeesEveryPiece() {
        let small = [UInt8](repeating: 3, count: 4 << 20)
        small.withUnsafeBytes { #expect(Checksum.ofPieces($0) == Checksum.xxh64($0)) }
        var large = [UInt8](repeating: 3, count: (8 << 20) + 5)
        let sum = large.withUnsafeBytes { Checksum.ofPieces($0) }
        #expect(large.withUnsafeBytes { Checksum.ofPieces($0) } == sum)
        for place in [0, (4 << 20) - 1, 4 << 20, (8 << 20) - 1, 8 << 20, (8 << 20) + 4] {
            large[place] ^= 0x10
            #expect(large.withUnsafeBytes { Checksum.ofPieces($0) } != sum, "byte \(place)")
            large[place] ^= 0x10
        }
        large.append(3)
        #expect(large.withUnsafeBytes { Checksum.ofPieces($0) } != sum)
    }
}
