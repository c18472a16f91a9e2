internal import GRDB
internal import SemanticCaching

/// The writing calls of the store, as they run inside the transaction that a batch of them shares.
///
/// A call checks before it writes: if it throws `invalidRequest`, it has changed nothing, and the transaction goes on.
struct WriteTransaction {
    let db: Database
    let symbols: SymbolTable
    let recentKeys: RecentKeys
    let cipher: TextCipher
    var ledger: StoreLedger

    mutating func insert(_ row: EntryRow, question questionRow: QuestionRow) throws -> [RemovedQuestion] {
        let (entry, question) = (row.entry, questionRow.question)
        guard question.entry == entry.id else {
            throw CacheError(.invalidRequest, "the question \(question.id) belongs to another answer than \(entry.id)")
        }
        var replaced: Set<Int64> = []
        if let owner = try owner(ofKey: question.key) { replaced.insert(owner) }
        if let same = try number(of: entry.id) { replaced.insert(same) }
        if let holder = try owner(ofQuestion: question.id), !replaced.contains(holder) {
            throw CacheError(.invalidRequest, "the question number \(question.id) is in use")
        }
        var removed: [RemovedQuestion] = []
        if !replaced.isEmpty { removed = try remove(rows: replaced) }
        let number = try freeNumber(for: question.id)
        try row.insert(number, in: db, symbols: symbols, isSealed: cipher.isEncrypting)
        // Above `counted`, the row speaks for itself until the ledger brings its tags and key into their tables.
        if number <= ledger.counted {
            for tag in Set(entry.tags) {
                var insert = try PreparedStatement("INSERT OR IGNORE INTO tag (tag, entry) VALUES (?, ?)", in: db)
                insert.bind(tag)
                insert.bind(number)
                try insert.run()
            }
        }
        let namespace = try symbols.number(of: entry.namespace, in: db, createIfNew: true) ?? 0
        ledger.add(StoreUsage(entries: 1, bytes: row.size), to: namespace, row: number)
        try place(questionRow, under: number, namespace: namespace)
        return removed
    }

    mutating func addQuestion(_ row: QuestionRow) throws -> Bool {
        let question = row.question
        guard try owner(ofQuestion: question.id) == nil else {
            throw CacheError(.invalidRequest, "the question number \(question.id) is in use")
        }
        guard let number = try number(of: question.entry), try owner(ofKey: question.key) == nil else { return false }
        try place(row, under: number, namespace: try namespace(of: number))
        return true
    }

    private mutating func place(_ row: QuestionRow, under entry: Int64, namespace: Int64) throws {
        var row = row
        if row.entryNumber != entry { row.move(to: entry) }
        try row.insert(in: db, symbols: symbols, isSealed: cipher.isEncrypting)
        let number = Int64(bitPattern: row.question.id)
        if number <= ledger.counted {
            var insert = try PreparedStatement(
                "INSERT OR IGNORE INTO question_prefix VALUES (substr(?, 1, 8), ?)",
                in: db
            )
            insert.bind(row.question.key.bytes)
            insert.bind(number)
            try insert.run()
        } else {
            recentKeys.add(number, key: row.question.key)
        }
        ledger.add(StoreUsage(questions: 1, bytes: row.size), to: namespace, row: number)
        ledger.noteQuestion(row.question.id)
    }

    /// The number of the row of an answer: that of its first question, or a negative one where an answer has that already.
    private func freeNumber(for question: UInt64) throws -> Int64 {
        let number = Int64(bitPattern: question)
        guard question <= ledger.highestQuestion else { return number }
        var taken = try PreparedStatement("SELECT 1 FROM entry WHERE number = ?", in: db)
        taken.bind(number)
        guard try taken.step() else { return number }
        var lowest = try PreparedStatement("SELECT min(min(number), 0) - 1 FROM entry", in: db)
        return try lowest.step() ? lowest.int(0) : number
    }

    /// Makes sure that no number up to this one is given again.
    mutating func reserve(upTo number: UInt64) { ledger.noteReservation(upTo: number) }

    func setExpiry(_ expiresAt: Timestamp?, of id: EntryID) throws -> Bool {
        var update = try PreparedStatement("UPDATE entry SET expires = ? WHERE id = ?", in: db)
        update.bind(expiresAt?.milliseconds)
        update.bind(id.bytes)
        try update.run()
        return db.changesCount > 0
    }

    func recordUse(_ use: EntryUse) throws {
        var upsert = try PreparedStatement(
            """
            INSERT INTO entry_use (entry, hits, last) SELECT number, ?, ? FROM entry WHERE id = ? \
            ON CONFLICT (entry) DO UPDATE SET hits = hits + excluded.hits, \
            last = max(ifnull(last, excluded.last), ifnull(excluded.last, last))
            """,
            in: db
        )
        upsert.bind(Int64(bitPattern: use.hits))
        upsert.bind(use.lastUsedAt?.milliseconds)
        upsert.bind(use.entry.bytes)
        try upsert.run()
    }

    func setMetadata(_ name: String, to value: [UInt8]?) throws {
        guard let value else {
            var delete = try PreparedStatement("DELETE FROM metadata WHERE name = ?", in: db)
            delete.bind(name)
            return try delete.run()
        }
        var upsert = try PreparedStatement(
            "INSERT INTO metadata (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            in: db
        )
        upsert.bind(name)
        upsert.bind(value)
        try upsert.run()
    }
}

extension WriteTransaction {
    mutating func setVector(_ vector: [Float]?, embeddingModel: String?, of id: UInt64) throws -> Bool {
        guard var row = try questionRow(id) else { return false }
        let namespace = try namespace(of: row.entryNumber)
        let difference = 4 * ((vector?.count ?? 0) - (row.question.vector?.count ?? 0))
        row.question.vector = vector
        row.question.embeddingModel = embeddingModel
        var update = try PreparedStatement(
            """
            UPDATE question SET vector = ?, embedding_model = ?, size = size + ?, checksum = ? WHERE number = ?
            """,
            in: db
        )
        update.bind(vector)
        update.bind(try embeddingModel.map { try symbols.number(of: $0, in: db) })
        update.bind(Int64(difference))
        update.bind(row.checksum)
        update.bind(Int64(bitPattern: id))
        try update.run()
        ledger.add(StoreUsage(bytes: difference), to: namespace, row: Int64(bitPattern: id))
        ledger.noteChanges(1)
        return true
    }

    private func questionRow(_ id: UInt64) throws -> QuestionRow? {
        var select = try PreparedStatement("SELECT \(QuestionRow.columns) FROM question q WHERE number = ?", in: db)
        select.bind(Int64(bitPattern: id))
        guard try select.step() else { return nil }
        let row = try QuestionRow(reading: select, owner: EntryID(high: 0, low: 0), symbols: symbols, in: db)
        guard row.storedChecksum == row.checksum else { throw StoredDataFault.checksum }
        return row
    }

    func number(of id: EntryID) throws -> Int64? {
        var select = try PreparedStatement("SELECT number FROM entry WHERE id = ?", in: db)
        select.bind(id.bytes)
        return try select.step() ? select.int(0) : nil
    }

    private func owner(ofKey key: Digest256) throws -> Int64? {
        for number in recentKeys.candidates(for: key) {
            var row = try PreparedStatement("SELECT entry FROM question q WHERE \(RowReader.hasNumberAndKey)", in: db)
            row.bind(number)
            row.bind(key.bytes)
            if try row.step() { return row.int(0) }
        }
        var select = try PreparedStatement("SELECT entry FROM question q WHERE \(RowReader.hasTabledKey)", in: db)
        select.bind(key.bytes)
        return try select.step() ? select.int(0) : nil
    }

    private func owner(ofQuestion id: UInt64) throws -> Int64? {
        // Numbers above all that ever were are free: no need to look.
        guard id <= ledger.highestQuestion else { return nil }
        var select = try PreparedStatement("SELECT entry FROM question WHERE number = ?", in: db)
        select.bind(Int64(bitPattern: id))
        return try select.step() ? select.int(0) : nil
    }

    func namespace(of number: Int64) throws -> Int64 {
        var select = try PreparedStatement("SELECT namespace FROM entry WHERE number = ?", in: db)
        select.bind(number)
        guard try select.step() else { throw StoredDataFault.danglingNumber }
        return select.int(0)
    }
}
