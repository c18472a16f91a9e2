/// Reads a file of answers, or of questions with answers, into a cache: streaming, and as often as one likes.
///
///     let importer = CacheImporter { record in … }      // SemanticCache makes one that stores
///     let summary = try await importer.run(chunks, totalBytes: size, onReject: { side.write($0.jsonLine) })
///
/// Records that are there already are skipped, so an import that was interrupted is simply started again. Records that
/// cannot be used are reported by their line and do not stop it; a store that cannot be used does.
public struct CacheImporter: Sendable {
    /// What became of a record.
    public enum Outcome: Sendable {
        /// It was stored.
        case added
        /// It was there.
        case present
    }

    /// Records that are stored at the same time; they share the store's commits.
    public var concurrency = 64
    private let store: @Sendable (TransferRecord) async throws -> Outcome

    /// Creates an importer that stores records with a function.
    ///
    /// The function throws ``CacheError`` with `invalidRequest`, `invalidData` or `dimensionMismatch` for a record that
    /// it cannot take; other errors end the import.
    public init(store: @escaping @Sendable (TransferRecord) async throws -> Outcome) { self.store = store }

    /// Imports a file that arrives in pieces.
    ///
    /// - Parameters:
    ///   - chunks: the file.
    ///   - totalBytes: the length of the file, for the progress.
    ///   - onReject: called for each record that cannot be used, in no particular order.
    ///   - onProgress: called about every thousand records and at the end.
    /// - Throws: what the pieces or the store threw; what was stored before stays.
    public func run<Chunks: AsyncSequence>(
        _ chunks: Chunks,
        totalBytes: Int? = nil,
        onReject: (RejectedRecord) throws -> Void = { _ in },
        onProgress: (TransferProgress) -> Void = { _ in }
    ) async throws -> ImportSummary where Chunks.Element == [UInt8] {
        var summary = ImportSummary()
        var progress = TransferProgress(total: totalBytes)
        let start = ContinuousClock.now
        func count(_ item: ImportReader.Item, _ outcome: Result<Outcome, RejectedRecord.Refusal>) throws {
            switch outcome {
            case .success(.added): summary.added += 1
            case .success(.present): summary.present += 1
            case .failure(let refusal):
                summary.rejected += 1
                try onReject(refusal.record)
            }
            progress.records += 1
            guard progress.records.isMultiple(of: 1000) else { return }
            progress.elapsed = ContinuousClock.now - start
            onProgress(progress)
        }
        var reader = ImportReader()
        for try await chunk in chunks {
            progress.done += chunk.count
            try await storeAll(reader.append(chunk), count)
        }
        try await storeAll(reader.finish(), count)
        progress.elapsed = ContinuousClock.now - start
        onProgress(progress)
        return summary
    }

    private func storeAll(
        _ items: [ImportReader.Item],
        _ count: (ImportReader.Item, Result<Outcome, RejectedRecord.Refusal>) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (ImportReader.Item, Result<Outcome, RejectedRecord.Refusal>).self) {
            group in
            var underWay = 0
            var seen: Set<String> = []
            for item in items {
                // Of two records about one question the file's order decides, and not the luck of two tasks.
                let marks = Self.marks(of: item)
                if !seen.isDisjoint(with: marks) {
                    for try await (item, outcome) in group { try count(item, outcome) }
                    underWay = 0
                    seen = []
                }
                seen.formUnion(marks)
                if underWay >= concurrency, let (item, outcome) = try await group.next() {
                    try count(item, outcome)
                    underWay -= 1
                }
                underWay += 1
                group.addTask { (item, try await store(item)) }
            }
            for try await (item, outcome) in group { try count(item, outcome) }
        }
    }

    private func store(_ item: ImportReader.Item) async throws -> Result<Outcome, RejectedRecord.Refusal> {
        switch item {
        case .rejected(let record): return .failure(.init(record: record))
        case .record(let record, let line):
            do {
                return .success(try await store(record))
            } catch let error as CacheError where Self.isRecordsFault(error.code) {
                let rejected = RejectedRecord(line: line, reason: error.message, bytes: [])
                return .failure(.init(record: rejected))
            }
        }
    }

    /// What two records must not have in common to be stored at the same time.
    private static func marks(of item: ImportReader.Item) -> [String] {
        switch item {
        case .rejected: []
        case .record(.pair(let pair), _): [pair.question] + pair.alternatives
        case .record(.answer(let record), _): ["id \(record.entry.id)"] + record.questions.map(\.text)
        }
    }

    private static func isRecordsFault(_ code: CacheError.Code) -> Bool {
        [.invalidRequest, .invalidData, .dimensionMismatch].contains(code)
    }
}

extension RejectedRecord {
    /// A rejected record as an error, so that it can stand in a `Result`.
    struct Refusal: Error {
        let record: RejectedRecord
    }
}
