import Foundation
import Testing
import VectorKernels

@testable import VectorSearch

/// Snapshots that are used where they lie in a file.
@Suite struct MappedSnapshotTests {
    private static let page = 4096

    /// The bytes in a file behind one page, as a store of snapshots keeps them.
    private func makeFile(_ bytes: [UInt8]) throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "semcache-map-\(UUID().uuidString)")
        try (Data(repeating: 0, count: Self.page) + Data(bytes)).write(to: url)
        return url
    }

    private func restore(_ url: URL) throws -> (AutoIndex, mapped: Int) {
        let file = try MappedFile(path: url.path)
        var mapped = 0
        let index = try file.withBytes { bytes in
            let content = UnsafeRawBufferPointer(rebasing: bytes[Self.page...])
            let source = SnapshotSource(content) { range, address in
                mapped += 1
                return file.map(range.lowerBound + Self.page..<range.upperBound + Self.page, at: address)
            }
            var configuration = AutoIndexConfiguration()
            configuration.graphThreshold = 100
            configuration.mergesInBackground = false
            return try AutoIndex(snapshot: source, configuration: configuration)
        }
        return (index, mapped)
    }

    @Test func anIndexLivesOnInTheFile() throws {
        // Rows of 4 KiB, so that few of them are long enough to be mapped.
        let data = HNSWTestData(count: 640, dimension: 1024, queries: 10, seed: 61)
        var configuration = AutoIndexConfiguration()
        configuration.graphThreshold = 100
        configuration.mergesInBackground = false
        let original = AutoIndex(dimension: 1024, configuration: configuration)
        for (id, vector) in data.vectors.enumerated() { try original.insert(vector, id: UInt64(id)) }
        original.merge(threads: 2)
        try original.insert(data.queries[0], id: 9000)
        let pieces = original.snapshotPieces()
        #expect(pieces.count > 1)
        let bytes = original.snapshot()
        #expect(Array(pieces.joined()) == bytes)
        let url = try makeFile(bytes)
        defer { try? FileManager.default.removeItem(at: url) }
        let before = try Data(contentsOf: url)
        let (copy, mapped) = try restore(url)
        #expect(mapped > 0)
        #expect(copy.count == 641 && copy.hasGraph)
        #expect(copy.snapshot() == bytes)
        for query in data.queries { #expect(try copy.search(query, count: 5) == original.search(query, count: 5)) }
        // It goes on living, and the file stays as it is.
        for id in 0..<100 as Range<UInt64> { #expect(copy.remove(id: id)) }
        for id in 0..<200 as Range<UInt64> { try copy.insert(data.vectors[Int(id)], id: 20_000 + id) }
        copy.merge(threads: 2)
        for id in 0..<100 {
            #expect(try copy.search(data.vectors[id], count: 1).first?.id == 20_000 + UInt64(id))
        }
        #expect(try Data(contentsOf: url) == before)
    }

    @Test func damageOfLongSectionsIsFound() throws {
        let data = HNSWTestData(count: 640, dimension: 1024, queries: 1, seed: 62)
        let index = HNSWIndex(dimension: 1024)
        try index.insert(rows: data.vectors.flatMap { $0 }, ids: (0..<640).map { UInt64($0) })
        let bytes = index.snapshot()
        var random = SeededGenerator(seed: 63)
        for _ in 0..<40 {
            var damaged = bytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(throws: VectorIndexError.self, "byte \(place)") { try HNSWIndex(snapshot: damaged) }
        }
    }
}
