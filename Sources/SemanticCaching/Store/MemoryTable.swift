/// The contents of a ``MemoryStore``: pure data, so that its rules can be read and tested without locks.
///
///     records     id ─► answer, its use, the numbers of its questions
///     questions   number ─► question
///     owners      key ─► number
///     byTag       tag ─► ids        namespaces   namespace ─► ids, usage
///     idOrder     ids               numberOrder  numbers
///
/// All ids and numbers are kept sorted, so that a page begins with one look and costs what it has.
struct MemoryTable {
    /// An answer with what belongs to it.
    struct Record {
        var entry: CacheEntry
        var use: EntryUse
        var questions: [UInt64]
    }

    /// What is kept per namespace.
    struct Namespace {
        var order = SortedKeys<EntryID>()
        var usage = StoreUsage()
    }

    fileprivate(set) var questions: [UInt64: CachedQuestion] = [:]
    fileprivate(set) var owners: [Digest256: UInt64] = [:]
    fileprivate(set) var byTag: [String: SortedKeys<EntryID>] = [:]
    fileprivate(set) var namespaces: [NamespaceID: Namespace] = [:]
    fileprivate(set) var idOrder = SortedKeys<EntryID>()
    fileprivate(set) var numberOrder = SortedKeys<UInt64>()
    fileprivate(set) var highestQuestionID: UInt64 = 0
    fileprivate(set) var changeCount: UInt64 = 0
    var records: [EntryID: Record] = [:]
    var metadata: [String: [UInt8]] = [:]

    /// Makes sure that no number up to this one is given again.
    mutating func reserve(upTo number: UInt64) { highestQuestionID = max(highestQuestionID, number) }

    /// A question with its answer.
    func match(_ number: UInt64, withVector: Bool) -> StoredMatch? {
        guard var question = questions[number], let record = records[question.entry] else { return nil }
        if !withVector { question.vector = nil }
        return StoredMatch(question: question, entry: record.entry)
    }
}

extension MemoryTable {
    mutating func insert(_ entry: CacheEntry, question: CachedQuestion) throws(CacheError) -> [RemovedQuestion] {
        guard question.entry == entry.id else {
            throw CacheError(.invalidRequest, "the question \(question.id) belongs to another answer than \(entry.id)")
        }
        let replaced = Set([owners[question.key].flatMap { questions[$0]?.entry }, entry.id].compactMap { $0 })
        if let holder = questions[question.id]?.entry, !replaced.contains(holder) {
            throw CacheError(.invalidRequest, "the question number \(question.id) is in use")
        }
        let removed = replaced.sorted().flatMap { remove($0) }
        records[entry.id] = Record(entry: entry, use: EntryUse(entry: entry.id), questions: [])
        idOrder.insert(entry.id)
        for tag in Set(entry.tags) { byTag[tag, default: SortedKeys()].insert(entry.id) }
        namespaces[entry.namespace, default: Namespace()].order.insert(entry.id)
        namespaces[entry.namespace]?.usage.add(StoreUsage(entries: 1, bytes: entry.byteCount))
        place(question)
        return removed
    }

    mutating func addQuestion(_ question: CachedQuestion) throws(CacheError) -> Bool {
        guard questions[question.id] == nil else {
            throw CacheError(.invalidRequest, "the question number \(question.id) is in use")
        }
        guard records[question.entry] != nil, owners[question.key] == nil else { return false }
        place(question)
        return true
    }

    private mutating func place(_ question: CachedQuestion) {
        guard let namespace = records[question.entry]?.entry.namespace else { return }
        records[question.entry]?.questions.append(question.id)
        questions[question.id] = question
        owners[question.key] = question.id
        numberOrder.insert(question.id)
        namespaces[namespace]?.usage.add(StoreUsage(questions: 1, bytes: question.byteCount))
        highestQuestionID = max(highestQuestionID, question.id)
        changeCount += 1
    }

    mutating func remove(_ id: EntryID) -> [RemovedQuestion] {
        guard let record = records.removeValue(forKey: id) else { return [] }
        let namespace = record.entry.namespace
        idOrder.remove(id) { [records] in records[$0] != nil }
        for tag in Set(record.entry.tags) {
            byTag[tag]?.remove(id) { [records] in records[$0]?.entry.tags.contains(tag) == true }
            if byTag[tag]?.count == 0 { byTag[tag] = nil }
        }
        var released = StoreUsage(entries: 1, bytes: record.entry.byteCount)
        var removed: [RemovedQuestion] = []
        for number in record.questions {
            guard let question = questions.removeValue(forKey: number) else { continue }
            owners[question.key] = nil
            numberOrder.remove(number) { [questions] in questions[$0] != nil }
            released.add(StoreUsage(questions: 1, bytes: question.byteCount))
            removed.append(
                RemovedQuestion(id: number, entry: id, key: question.key, partition: question.partition)
            )
        }
        namespaces[namespace]?.order.remove(id) { [records] in records[$0]?.entry.namespace == namespace }
        namespaces[namespace]?.usage.subtract(released)
        if namespaces[namespace]?.order.count == 0 { namespaces[namespace] = nil }
        changeCount += 1
        return removed
    }

    mutating func moveQuestions(of id: EntryID, to other: EntryID) -> [CachedQuestion] {
        guard id != other, let source = records[id], let target = records[other],
            source.entry.namespace == target.entry.namespace
        else { return [] }
        for number in source.questions { questions[number]?.entry = other }
        records[other]?.questions += source.questions
        records[id]?.questions = []
        // It has no questions any more that could go with it.
        _ = remove(id)
        return source.questions.sorted().compactMap { questions[$0] }
    }

    mutating func setVector(_ vector: [Float]?, embeddingModel: String?, of number: UInt64) -> Bool {
        guard var question = questions[number], let namespace = records[question.entry]?.entry.namespace else {
            return false
        }
        namespaces[namespace]?.usage.bytes -= question.byteCount
        question.vector = vector
        question.embeddingModel = embeddingModel
        namespaces[namespace]?.usage.bytes += question.byteCount
        questions[number] = question
        changeCount += 1
        return true
    }

    mutating func recordUse(_ use: EntryUse) {
        records[use.entry]?.use.add(use)
    }
}

extension MemoryTable {
    func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) -> [CacheEntry] {
        page(matching: filter, after: after, limit: limit).entries
    }

    /// A page of answers, and how many ids were looked at for it.
    ///
    /// - Complexity: O(log *n* + *k*) for *n* answers of the tag or the namespace and *k* ids that are looked at.
    func page(
        matching filter: EntryFilter,
        after: EntryID?,
        limit: Int
    ) -> (entries: [CacheEntry], lookedAt: Int) {
        var found: [CacheEntry] = []
        var lookedAt = 0
        for id in order(for: filter).behind(after) {
            guard found.count < limit else { break }
            lookedAt += 1
            guard let record = records[id] else { continue }
            let asked = record.questions.lazy.compactMap { questions[$0] }
            if filter.matches(record.entry, questions: asked) { found.append(record.entry) }
        }
        return (found, lookedAt)
    }

    /// The fewest ids that have all answers of a filter among them.
    private func order(for filter: EntryFilter) -> SortedKeys<EntryID> {
        let orders = [
            filter.tag.map { byTag[$0] ?? SortedKeys() },
            filter.namespace.map { namespaces[$0]?.order ?? SortedKeys() },
        ]
        return orders.compactMap(\.self).min { $0.count < $1.count } ?? idOrder
    }

    func questions(after: UInt64, limit: Int) -> [StoredMatch] {
        var found: [StoredMatch] = []
        for number in numberOrder.behind(after) {
            guard found.count < limit else { break }
            if let match = match(number, withVector: true) { found.append(match) }
        }
        return found
    }
}
