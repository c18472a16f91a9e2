public import SemanticCaching

extension SQLiteStore {
    /// Stores an answer with its first question, in place of the answers that owned the same key or had the same id.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `invalidRequest` or `storeUnavailable`; then nothing of them is stored.
    public func insert(_ entry: CacheEntry, question: CachedQuestion) async throws -> [RemovedQuestion] {
        // Encoded here: the writer's thread is the one that everybody waits for.
        let row = try encode { try EntryRow(entry, cipher: cipher) }
        let questionRow = try encode {
            try QuestionRow(question, entryNumber: Int64(bitPattern: question.id), cipher: cipher)
        }
        return try await write(order: question.id, isShort: true, mayBeLost: true) {
            try $0.insert(row, question: questionRow)
        }
    }

    /// Gives an answer another question; false if the answer is not there any more or the key is already owned.
    public func addQuestion(_ question: CachedQuestion) async throws -> Bool {
        let row = try encode { try QuestionRow(question, entryNumber: 0, cipher: cipher) }
        return try await write(order: question.id, isShort: true, mayBeLost: true) { try $0.addQuestion(row) }
    }

    /// Removes answers with all their questions; returns the questions that are gone.
    public func remove(_ entries: [EntryID]) async throws -> [RemovedQuestion] {
        guard !entries.isEmpty else { return [] }
        return try await write { try $0.remove(entries) }
    }

    /// Makes the questions of an answer wordings of another, and removes the answer that lost them, in one transaction.
    public func moveQuestions(of entry: EntryID, to other: EntryID) async throws -> [CachedQuestion] {
        let rows = try await write { try $0.moveQuestions(of: entry, to: other) }
        return try encode { try rows.map { try $0.opened(cipher: cipher, withVector: true) } }
    }

    /// Changes when an answer stops being fresh; false if it is not there any more.
    public func setExpiry(_ expiresAt: Timestamp?, of entry: EntryID) async throws -> Bool {
        try await write { try $0.setExpiry(expiresAt, of: entry) }
    }

    /// Gives a question another vector; false if it is not there any more.
    public func setVector(_ vector: [Float]?, embeddingModel: String?, of question: UInt64) async throws -> Bool {
        try await write { try $0.setVector(vector, embeddingModel: embeddingModel, of: question) }
    }

    /// Adds hits to what is known of the use of answers.
    public func recordUse(_ uses: [EntryUse]) async throws {
        guard !uses.isEmpty else { return }
        try await write(mayBeLost: true) { transaction in
            for use in uses { try transaction.recordUse(use) }
        }
    }

    /// Makes sure, even through a power failure, that no question gets a number up to this one again.
    public func reserveQuestionIDs(upTo number: UInt64) async throws {
        try await write { $0.reserve(upTo: number) }
        let files = files
        try await runBlocking { try files.syncLog() }
    }

    private func encode<Row>(_ body: () throws -> Row) throws(CacheError) -> Row {
        do { return try body() } catch { throw .translating(error) }
    }

    /// Sets a small durable value; nil removes it.
    public func setMetadata(_ name: String, to value: [UInt8]?) async throws {
        try await write { try $0.setMetadata(name, to: value) }
    }
}
