internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SemanticCaching
internal import StrictJSON
internal import Synchronization

extension AdminResponder {
    /// The most lines that could not be used which an answer lists; all are counted.
    private static let listedFaults = 100
    /// So many answers are read at once for an export.
    private static let exportPage = 128

    /// Streams answers as lines of JSON, in the format of `semcache export`; `?vectors=false` leaves vectors out.
    func export(_ request: AdminRequest) async throws -> Response {
        let store = cache.store
        let vectors = request.query("vectors") ?? "true"
        guard vectors == "true" || vectors == "false" else { throw AdminRequest.fault("vectors", "true or false") }
        let withVectors = vectors == "true"
        let query = EntryQuery(request)
        // Read before the head goes out: a store that cannot be read is told, and is no export without answers.
        let first = try await query.entries(in: store, after: nil, limit: Self.exportPage)
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-ndjson"],
            body: ResponseBody { writer in
                var page = first
                while let end = page.last {
                    var bytes: [UInt8] = []
                    for entry in page {
                        let record = AnswerRecord(entry: entry, questions: try await store.questions(of: entry.id))
                        // Removed meanwhile: an answer without a question is of no use to anyone.
                        guard !record.questions.isEmpty else { continue }
                        bytes += record.jsonLine(withVectors: withVectors) + [0x0A]
                    }
                    try await writer.write(ByteBuffer(bytes: bytes))
                    page = try await query.entries(in: store, after: end.id, limit: Self.exportPage)
                }
                try await writer.finish(nil)
            }
        )
    }

    /// Takes in what `semcache import` does: exports, and questions with answers of other programs.
    ///
    /// Answers without a scope of their own go where `?tenant=`, `?namespace=` and `?model=` say. What is there stays.
    func importEntries(_ request: AdminRequest) async throws -> Response {
        let namespace = request.namespace()
        let scope = CacheScope(
            tenant: namespace.tenant,
            namespace: namespace.name,
            model: request.query("model") ?? "default"
        )
        let importer = CacheImporter { [cache] record in
            switch record {
            case .answer(let answer): return try await cache.add(answer) ? .added : .present
            case .pair(let pair):
                await cache.waitForSharedTier()
                return try await Self.add(pair, scope, to: cache) ? .added : .present
            }
        }
        var faults: [JSONValue] = []
        let summary = try await importer.run(
            request.request.body.map { Array($0.readableBytesView) },
            onReject: { record in
                guard faults.count < Self.listedFaults else { return }
                faults.append(["line": .integer(record.line), "message": .string(record.reason)])
            }
        )
        return .json([
            "stored": .integer(summary.added), "present": .integer(summary.present),
            "rejected": .integer(summary.rejected), "faults": .array(faults),
        ])
    }

    /// Stores an answer under each wording that has none yet; false if all have one.
    private static func add(_ pair: QuestionAnswerPair, _ scope: CacheScope, to cache: SemanticCache) async throws
        -> Bool
    {
        var isAdded = false
        for question in [pair.question] + pair.alternatives {
            let request = CacheRequest(question, scope: scope, controls: CacheControls(tags: pair.tags))
            // A look that leaves no trace tells whether the very words are there; a similar answer is no reason to skip.
            var exact = request
            exact.controls.mode = .exact
            guard await cache.explain(exact).reply == nil else { continue }
            if try await cache.store(CachedReply(text: pair.answer), for: request) != nil { isAdded = true }
        }
        return isAdded
    }
}
