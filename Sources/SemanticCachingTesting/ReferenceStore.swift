package import SemanticCaching

/// The obvious slow store: two arrays, walked from end to end by every call.
///
/// It is what real stores are compared with.
package struct ReferenceStore {
    private var entries: [CacheEntry] = []
    private var questions: [CachedQuestion] = []
    private var uses: [EntryID: EntryUse] = [:]
    private var metadata: [(name: String, value: [UInt8])] = []
    package private(set) var highestQuestionID: UInt64 = 0

    package init() {}

    package mutating func insert(_ entry: CacheEntry, question: CachedQuestion) -> [RemovedQuestion]? {
        let replaced = entries.map(\.id).filter { id in
            id == entry.id || questions.contains { $0.entry == id && $0.key == question.key }
        }
        guard question.entry == entry.id else { return nil }
        guard !questions.contains(where: { $0.id == question.id && !replaced.contains($0.entry) }) else { return nil }
        let removed = remove(replaced)
        entries.append(entry)
        append(question)
        return removed
    }

    package mutating func addQuestion(_ question: CachedQuestion) -> Bool? {
        guard !questions.contains(where: { $0.id == question.id }) else { return nil }
        guard entries.contains(where: { $0.id == question.entry }) else { return false }
        guard !questions.contains(where: { $0.key == question.key }) else { return false }
        append(question)
        return true
    }

    private mutating func append(_ question: CachedQuestion) {
        questions.append(question)
        highestQuestionID = max(highestQuestionID, question.id)
    }

    package mutating func remove(_ ids: [EntryID]) -> [RemovedQuestion] {
        let gone = questions.filter { ids.contains($0.entry) }
        entries.removeAll { ids.contains($0.id) }
        questions.removeAll { ids.contains($0.entry) }
        for id in ids { uses[id] = nil }
        return gone.map { RemovedQuestion(id: $0.id, entry: $0.entry, key: $0.key, partition: $0.partition) }
    }

    package mutating func moveQuestions(of id: EntryID, to other: EntryID) -> [CachedQuestion] {
        guard id != other, let source = entry(id), let target = entry(other), source.namespace == target.namespace
        else {
            return []
        }
        let numbers = questions.filter { $0.entry == id }.map(\.id)
        for index in questions.indices where questions[index].entry == id { questions[index].entry = other }
        _ = remove([id])
        return questions.filter { numbers.contains($0.id) }.sorted { $0.id < $1.id }
    }

    package func entry(_ id: EntryID) -> CacheEntry? { entries.first { $0.id == id } }

    package func match(key: Digest256) -> StoredMatch? {
        questions.first { $0.key == key }.flatMap { match($0, withVector: false) }
    }

    package func matches(questions numbers: [UInt64]) -> [StoredMatch] {
        questions.filter { numbers.contains($0.id) }.compactMap { match($0, withVector: false) }
    }

    private func match(_ question: CachedQuestion, withVector: Bool) -> StoredMatch? {
        var question = question
        if !withVector { question.vector = nil }
        return entry(question.entry).map { StoredMatch(question: question, entry: $0) }
    }

    package func questions(of id: EntryID) -> [CachedQuestion] {
        questions.filter { $0.entry == id }.sorted { $0.id < $1.id }
    }

    package mutating func setExpiry(_ expiresAt: Timestamp?, of id: EntryID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return false }
        entries[index].expiresAt = expiresAt
        return true
    }

    package mutating func setVector(_ vector: [Float]?, embeddingModel: String?, of number: UInt64) -> Bool {
        guard let index = questions.firstIndex(where: { $0.id == number }) else { return false }
        questions[index].vector = vector
        questions[index].embeddingModel = embeddingModel
        return true
    }

    package mutating func recordUse(_ added: [EntryUse]) {
        for use in added where entries.contains(where: { $0.id == use.entry }) {
            let old = uses[use.entry] ?? EntryUse(entry: use.entry)
            let times = [old.lastUsedAt, use.lastUsedAt].compactMap { $0 }
            uses[use.entry] = EntryUse(entry: use.entry, hits: old.hits + use.hits, lastUsedAt: times.max())
        }
    }

    package func use(of ids: [EntryID]) -> [EntryUse] {
        entries.filter { ids.contains($0.id) }.map { uses[$0.id] ?? EntryUse(entry: $0.id) }
    }

    package func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) -> [CacheEntry] {
        let passing = entries.filter { entry in
            (filter.namespace == nil || filter.namespace == entry.namespace)
                && (filter.tag.map { entry.tags.contains($0) } ?? true)
                && (filter.model == nil || filter.model == entry.model)
                && (filter.promptVersion == nil || filter.promptVersion == entry.promptVersion)
                && (filter.createdBefore.map { entry.createdAt < $0 } ?? true)
                && (filter.expiredAt.map { time in entry.expiresAt.map { $0 <= time } ?? false } ?? true)
                && (filter.epochBefore.map { entry.epoch < $0 } ?? true)
                && (filter.questionPrefix.map { prefix in
                    questions.contains {
                        $0.entry == entry.id && Array($0.text.utf8.prefix(prefix.utf8.count)) == Array(prefix.utf8)
                    }
                } ?? true)
        }
        let behind = passing.filter { entry in after.map { entry.id > $0 } ?? true }
        return Array(behind.sorted { $0.id < $1.id }.prefix(limit))
    }

    package func questions(after: UInt64, limit: Int) -> [StoredMatch] {
        let behind = questions.filter { $0.id > after }.sorted { $0.id < $1.id }
        return behind.prefix(limit).compactMap { match($0, withVector: true) }
    }

    package var counts: StoreUsage { StoreUsage(entries: entries.count, questions: questions.count) }

    package func metadata(_ name: String) -> [UInt8]? { metadata.first { $0.name == name }?.value }

    package mutating func setMetadata(_ name: String, to value: [UInt8]?) {
        metadata.removeAll { $0.name == name }
        if let value { metadata.append((name, value)) }
    }

    package func metadataNames(prefix: String) -> [String] {
        metadata.map(\.name).filter { Array($0.utf8).starts(with: Array(prefix.utf8)) }
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }
}
