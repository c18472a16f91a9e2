import SQLiteStorage
import SemanticCaching
import StrictJSON
import VectorSearch

/// The indexes of a cache on disk: from its snapshot where that can be used, else what a start would build.
struct IndexReport {
    /// The indexes of one namespace.
    struct Namespace {
        let id: NamespaceID
        /// Questions with a vector, index by index.
        var sizes: [Int] = []
        var withoutVector = 0
        var models: Set<String> = []
        var dimension: Int?
        /// Indexes that have a graph.
        var graphs = 0
        /// Bytes in memory; known from a snapshot only.
        var bytes: Int?

        var vectors: Int { sizes.reduce(0, +) }

        var bytesPerEntry: Double? {
            bytes.flatMap { vectors > 0 ? Double($0) / Double(vectors) : nil }
        }

        var kind: String {
            switch graphs {
            case 0: sizes.isEmpty ? "none" : "flat"
            case sizes.count: "graph"
            default: "flat and graph"
            }
        }
    }

    private var namespaces: [Namespace] = []
    /// Why the snapshot cannot be used; nil if it can.
    private var fault: String?
    /// Changes of the store that the snapshot does not have yet.
    private var missedChanges = 0

    init(of store: SQLiteStore) async throws {
        let changes = try await store.changeCount()
        try await count(store)
        let dimension = namespaces.compactMap(\.dimension).max()
        switch await FileSnapshotStore(directory: store.directory).load(PartitionSnapshot.name) {
        case .unusable(let reason):
            fault = reason
        case .loaded(let image, let changeCount):
            missedChanges = Int(clamping: changes &- min(changeCount, changes))
            let seals = try await store.snapshotSeals()
            do throws(VectorIndexError) { try take(image, dimension: dimension ?? 0, seals: seals) } catch {
                fault = "\(error)"
            }
        }
    }

    /// Counts the vectors of each partition, as a start that has to build the indexes does.
    private mutating func count(_ store: SQLiteStore) async throws {
        var sizes: [NamespaceID: [Digest256: Int]] = [:]
        var found: [NamespaceID: Namespace] = [:]
        var last: UInt64 = 0
        while case let batch = try await store.questions(after: last, limit: 1024), let end = batch.last {
            last = end.question.id
            for match in batch {
                let id = match.entry.namespace
                guard let vector = match.question.vector, let partition = match.question.partition else {
                    found[id, default: Namespace(id: id)].withoutVector += 1
                    continue
                }
                sizes[id, default: [:]][partition, default: 0] += 1
                found[id, default: Namespace(id: id)].dimension = vector.count
                if let model = match.question.embeddingModel { found[id]?.models.insert(model) }
            }
        }
        for (id, partitions) in sizes {
            guard let dimension = found[id]?.dimension else { continue }
            let policy = AutoIndexPolicy(configuration: AutoIndexConfiguration(), dimension: dimension)
            found[id]?.sizes = partitions.values.sorted(by: >)
            found[id]?.graphs = partitions.values.count {
                policy.action(waiting: $0, total: $0, hasGraph: false) == .build
            }
        }
        namespaces = found.values.sorted { ($1.vectors, $0.id.description) < ($0.vectors, $1.id.description) }
    }

    private mutating func take(
        _ image: any SnapshotImage,
        dimension: Int,
        seals: [Digest256]
    ) throws(VectorIndexError) {
        let restored = try image.partitions(dimension: dimension) { seals.contains($0.seal) }
        for position in namespaces.indices {
            let indexes = restored.filter { $0.namespace == namespaces[position].id }.map(\.index)
            namespaces[position].bytes = indexes.reduce(0) { $0 + $1.memoryUse.total }
            namespaces[position].graphs = indexes.count { ($0 as? AutoIndex)?.hasGraph ?? false }
        }
    }

    func printJSON() {
        let rows = namespaces.map { namespace -> JSONValue in
            [
                "tenant": .string(namespace.id.tenant), "namespace": .string(namespace.id.name),
                "index": .string(namespace.kind), "indexes": .integer(namespace.sizes.count),
                "entries": .integer(namespace.vectors), "largest": .integer(namespace.sizes.first ?? 0),
                "without_vector": .integer(namespace.withoutVector),
                "dimension": namespace.dimension.map { .integer($0) } ?? .null,
                "embedding_models": .array(namespace.models.sorted().map { .string($0) }),
                "bytes": namespace.bytes.map { .integer($0) } ?? .null,
                "bytes_per_entry": .rounded(namespace.bytesPerEntry),
            ]
        }
        let value: JSONValue = [
            "command": "index info", "snapshot_usable": .bool(fault == nil), "snapshot_fault": .text(fault),
            "snapshot_missed_changes": fault == nil ? .integer(missedChanges) : .null,
            "namespaces": .array(rows),
        ]
        Terminal.write(value.serializedText)
    }

    private var snapshotText: String {
        if let fault { return "no snapshot can be used (\(fault)): the next start builds the indexes anew" }
        if missedChanges == 0 { return "the snapshot is up to date: the next start builds nothing" }
        return "the snapshot lacks \(missedChanges.counted("change")), which the next start makes up for"
    }

    func printText() {
        Terminal.write(snapshotText)
        guard !namespaces.isEmpty else { return }
        Terminal.write("")
        var table = TextTable(
            [.init(title: "namespace"), .init(title: "index")]
                + ["indexes", "entries", "largest", "dimension", "bytes/entry"].map {
                    .init(title: $0, alignment: .right)
                }
        )
        for namespace in namespaces {
            table.add([
                namespace.id.description, namespace.kind, String(namespace.sizes.count), String(namespace.vectors),
                String(namespace.sizes.first ?? 0), namespace.dimension.map(String.init) ?? "–",
                namespace.bytesPerEntry.map { $0.formatted(decimals: 0) } ?? "–",
            ])
        }
        for line in table.lines { Terminal.write(line) }
    }
}
