import Foundation
import SQLiteStorage
import SemanticCaching
import VectorSearch

/// Vectors of one dimension to measure indexes on.
struct VectorSet {
    /// Where they are from, in words.
    let source: String
    let dimension: Int
    private(set) var rows: [[Float]] = []
    /// Vectors that could not be compared with the others.
    private(set) var leftOut = 0

    /// Reads the vectors of a namespace; of several embedding models, those of the one with the most.
    ///
    /// - Throws: `UsageError` if there are none.
    init(namespace: NamespaceID, of store: SQLiteStore, limit: Int) async throws {
        struct Kind: Hashable {
            let model: String?
            let dimension: Int
        }
        source = "namespace \(namespace)"
        var vectors: [Kind: [[Float]]] = [:]
        var last: UInt64 = 0
        var count = 0
        while count < limit, case let batch = try await store.questions(after: last, limit: 1024), let end = batch.last
        {
            last = end.question.id
            for match in batch where match.entry.namespace == namespace {
                guard let vector = match.question.vector, count < limit else { continue }
                vectors[Kind(model: match.question.embeddingModel, dimension: vector.count), default: []].append(vector)
                count += 1
            }
        }
        guard
            let most = vectors.max(by: {
                ($0.value.count, $1.key.model ?? "") < ($1.value.count, $0.key.model ?? "")
            })
        else {
            throw UsageError(
                message: "the namespace \(namespace) has no vectors; `semcache stats` lists the namespaces"
            )
        }
        dimension = most.key.dimension
        rows = most.value
        leftOut = count - rows.count
    }

    /// Reads a file in the .fbin layout.
    ///
    /// - Throws: `DataFileError` for a file that is none.
    init(file path: String, limit: Int) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DataFileError(path: path, line: nil, message: "the file cannot be read")
        }
        let bytes = [UInt8](data)
        func number(at offset: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        guard bytes.count >= 8, case let (count, columns) = (number(at: 0), number(at: 4)), count > 0,
            (1...65_536).contains(columns), bytes.count - 8 == count * columns * 4
        else {
            throw DataFileError(
                path: path,
                line: nil,
                message:
                    "not in the .fbin layout: rows and dimension as 32-bit integers, then the rows as 32-bit floats"
            )
        }
        source = path
        dimension = columns
        for row in 0..<min(count, limit) {
            let first = 8 + row * columns * 4
            let vector = (0..<columns).map {
                Float(bitPattern: UInt32(truncatingIfNeeded: number(at: first + 4 * $0)))
            }
            do throws(VectorIndexError) { _ = try UnitVector.scale(of: vector, dimension: columns) } catch {
                throw DataFileError(path: path, line: nil, message: "row \(row) cannot be used: \(error)")
            }
            rows.append(vector)
        }
    }
}
