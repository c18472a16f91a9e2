extension EntryStore {
    /// Stores a record of an export unless it is there, and returns the questions that were stored.
    ///
    /// An answer of the same id, or one that owns a key of the record, is left as it is: it is the same, or newer. If it says
    /// the same and is fresh for no longer, questions of the record that nobody owns become its own, so that an import that was
    /// interrupted between the questions of an answer goes on where it ended. If the answer of that id says something else, as
    /// before a correction by hand, they get the record's answer under an id of its own.
    /// - Parameters:
    ///   - record: the answer with its wordings.
    ///   - nextQuestionID: gives a number for a question that was never used.
    /// - Returns: the questions with their numbers, to be published in indexes; nil if the record was there.
    /// - Throws: ``CacheError`` with `storeUnavailable`.
    public func add(
        _ record: AnswerRecord,
        nextQuestionID: () -> UInt64
    ) async throws -> [CachedQuestion]? {
        try await take(record, nextQuestionID: nextQuestionID)?.questions
    }

    /// What ``add(_:nextQuestionID:)`` stores, and whose the questions became.
    package func take(
        _ record: AnswerRecord,
        nextQuestionID: () -> UInt64
    ) async throws -> TakenRecord? {
        let namesake = try await entry(record.entry.id)
        var owner = namesake.flatMap { record.entry.mayJoin($0) ? $0 : nil }
        var isNew = false
        var free: [CachedQuestion] = []
        for question in record.questions {
            guard let match = try await match(key: question.key) else {
                free.append(question)
                continue
            }
            if owner == nil, record.entry.mayJoin(match.entry) { owner = match.entry }
        }
        var added: [CachedQuestion] = []
        var replaced: [RemovedQuestion] = []
        for question in free {
            var numbered = question.numbered(nextQuestionID())
            if let owner {
                numbered.entry = owner.id
                guard try await addQuestion(numbered) else { continue }
            } else {
                let entry = namesake == nil ? record.entry : record.entry.renamed()
                numbered.entry = entry.id
                replaced += try await insert(entry, question: numbered)
                owner = entry
                isNew = true
            }
            added.append(numbered)
        }
        guard let owner, !added.isEmpty else { return nil }
        return TakenRecord(owner: owner, isNew: isNew, questions: added, replaced: replaced)
    }

    /// Writes the answers that pass a filter as lines of JSON, in the order of their ids.
    ///
    /// - Parameters:
    ///   - filter: which answers to write; by default all.
    ///   - withVectors: whether to write vectors, which spares whoever imports the answers from embedding them again.
    ///   - onProgress: called for every page of answers.
    ///   - write: takes a line with its line end.
    /// - Returns: how many answers were written.
    /// - Throws: what the store or `write` threw.
    @discardableResult
    public func export(
        _ filter: EntryFilter = EntryFilter(),
        withVectors: Bool = true,
        onProgress: (TransferProgress) -> Void = { _ in },
        write: ([UInt8]) throws -> Void
    ) async throws -> Int {
        // Only the whole is counted beforehand: to count what passes the filter would be to walk it twice.
        let total = filter == EntryFilter() ? try await usage().entries : nil
        var progress = TransferProgress(total: total)
        let start = ContinuousClock.now
        var last: EntryID?
        while case let page = try await entries(matching: filter, after: last, limit: 256), let end = page.last {
            last = end.id
            for entry in page {
                let record = AnswerRecord(entry: entry, questions: try await questions(of: entry.id))
                // Removed meanwhile: an answer without a question is of no use to anyone.
                guard !record.questions.isEmpty else { continue }
                try write(record.jsonLine(withVectors: withVectors) + [UInt8(ascii: "\n")])
                progress.records += 1
            }
            progress.done += page.count
            progress.elapsed = ContinuousClock.now - start
            onProgress(progress)
        }
        return progress.records
    }
}

/// What became of a record of an export.
package struct TakenRecord: Sendable {
    /// The answer that has the questions now: the record's, or one that says the same and was there.
    package let owner: CacheEntry
    /// Whether the answer was stored with them.
    package let isNew: Bool
    /// The questions that were stored, with their numbers.
    package let questions: [CachedQuestion]
    /// The questions that went with an answer which somebody else stored meanwhile, and which this one took the place of.
    package let replaced: [RemovedQuestion]
}

extension CacheEntry {
    /// Whether wordings of this answer may become another's: it says the same, and serves none of them for longer.
    fileprivate func mayJoin(_ other: CacheEntry) -> Bool {
        namespace == other.namespace && reply == other.reply && tags == other.tags && !expiresBefore(other)
            && epoch <= other.epoch
    }

    /// The same answer under another id of the same time.
    fileprivate func renamed() -> CacheEntry {
        var generator = SystemRandomNumberGenerator()
        return CacheEntry(
            id: EntryID(at: createdAt, using: &generator),
            namespace: namespace,
            model: model,
            promptVersion: promptVersion,
            reply: reply,
            tags: tags,
            createdAt: createdAt,
            expiresAt: expiresAt,
            epoch: epoch,
            upstreamLatency: upstreamLatency,
            cost: cost
        )
    }
}

extension CachedQuestion {
    /// The same question under another number.
    func numbered(_ number: UInt64) -> CachedQuestion {
        CachedQuestion(
            id: number,
            entry: entry,
            text: text,
            key: key,
            check: check,
            partition: partition,
            embeddingModel: embeddingModel,
            vector: vector,
            createdAt: createdAt
        )
    }
}
