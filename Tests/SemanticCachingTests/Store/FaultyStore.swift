import SemanticCaching
import SemanticCachingTesting

/// A store with one fault, to see that the conformance suite finds it.
struct FaultyStore: ForwardingStore {
    enum Fault: String, CaseIterable {
        case losesVectors
        case forgetsReplacedQuestions
        case keepsReplacedAnswers
        case takesOwnedKeys
        case acceptsGoneAnswers
        case reusesNumbers
        case tellsOfRemovalsTwice
        case losesMovedQuestions
        case ignoresTags
        case endsPagesEarly
        case countsBack
        case forgetsReservations
        case roundsExpiry
        case countsHitsOnce
        case sortsNamesWrongly
        case losesEmptyValues
        case countsQuestionsOnly
        case staysOpen
    }

    let fault: Fault
    let base = MemoryStore()

    init(_ fault: Fault) { self.fault = fault }

    func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        var question = question
        if fault == .losesVectors { question.vector = question.vector?.map { $0 == 0 ? 0 : $0 } }
        if fault == .keepsReplacedAnswers, let owner = try await base.match(key: question.key)?.entry,
            owner.id != entry.id
        {
            let others = try await base.questions(of: owner.id).filter { $0.key != question.key }
            let removed = try await base.insert(entry, question: question)
            if let first = others.first { _ = try await base.insert(owner, question: first) }
            return removed
        }
        let removed = try await base.insert(entry, question: question)
        return fault == .forgetsReplacedQuestions ? [] : removed
    }

    func addQuestion(_ question: CachedQuestion) async throws -> Bool {
        if fault == .reusesNumbers,
            try await base.questions(after: question.id - 1, limit: 1).first?.question.id == question.id
        {
            return false
        }
        let isAdded = try await base.addQuestion(question)
        guard !isAdded else { return true }
        let isThere = try await base.entry(question.entry) != nil
        return (fault == .takesOwnedKeys && isThere) || (fault == .acceptsGoneAnswers && !isThere)
    }

    func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
        let removed = try await base.remove(entries)
        return fault == .tellsOfRemovalsTwice ? removed + removed : removed
    }

    func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion] {
        guard fault == .losesMovedQuestions else { return try await base.moveQuestions(of: entry, to: other) }
        let questions = try await base.questions(of: entry)
        guard try await base.entry(other) != nil else { return [] }
        _ = try await base.remove([entry])
        return questions
    }

    func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        var filter = filter
        if fault == .ignoresTags { filter.tag = nil }
        return try await base.entries(matching: filter, after: after, limit: limit)
    }

    func questions(after: UInt64, limit: Int) async throws -> [StoredMatch] {
        let page = try await base.questions(after: after, limit: limit)
        return fault == .endsPagesEarly && page.count > 1 && limit < 1000 ? page.dropLast(2) + page.suffix(1) : page
    }

    func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool {
        let rounded = expiresAt.map { Timestamp(milliseconds: $0.milliseconds / 10 * 10) }
        return try await base.setExpiry(fault == .roundsExpiry ? rounded : expiresAt, of: entry)
    }

    func recordUse(_ uses: [EntryUse]) async throws {
        try await base.recordUse(fault == .countsHitsOnce ? Array(uses.prefix(1)) : uses)
    }

    func highestQuestionID() async throws -> UInt64 {
        guard fault == .countsBack else { return try await base.highestQuestionID() }
        return try await base.questions(after: 0, limit: .max).last?.question.id ?? 0
    }

    func metadataNames(prefix: String) async throws -> [String] {
        let names = try await base.metadataNames(prefix: prefix)
        return fault == .sortsNamesWrongly ? names.reversed() : names
    }

    func setMetadata(_ name: String, to value: [UInt8]?) async throws {
        try await base.setMetadata(name, to: fault == .losesEmptyValues && value?.isEmpty == true ? nil : value)
    }

    func usage() async throws -> StoreUsage {
        var usage = try await base.usage()
        if fault == .countsQuestionsOnly { usage.entries = usage.questions }
        return usage
    }

    func close() async throws { if fault != .staysOpen { try await base.close() } }

    func reserveQuestionIDs(upTo number: UInt64) async throws {
        if fault != .forgetsReservations { try await base.reserveQuestionIDs(upTo: number) }
    }
}
