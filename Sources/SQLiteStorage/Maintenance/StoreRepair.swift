internal import GRDB
internal import SemanticCaching

/// Removes what a walk found damaged and sets counts right, in the transaction that it is called in.
struct StoreRepair {
    let db: Database
    let walk: StoreWalk

    func run() throws {
        if walk.report.counts[.damagedDatabase] != nil { try db.runCached("REINDEX") }
        try countChanges()
        for number in walk.lostQuestions { try delete("DELETE FROM question WHERE number = ?", number) }
        for number in walk.lostEntries {
            try delete("DELETE FROM entry WHERE number = ?", number)
            try delete("DELETE FROM question WHERE number \(StoreSchema.questionsOfEntry)", number)
        }
        // Answers whose last question was lost.
        try db.runCached("DELETE FROM entry WHERE number NOT IN (SELECT entry FROM question)")
        for number in walk.lostVectors { try dropVector(of: number) }
        try rebuildTables()
        try db.runCached("DELETE FROM entry_use WHERE entry NOT IN (SELECT number FROM entry)")
        try recount()
    }

    private func delete(_ sql: String, _ number: Int64) throws {
        var delete = try PreparedStatement(sql, in: db)
        delete.bind(number)
        try delete.run()
    }

    /// Takes a question's vector away, so that the engine embeds it again.
    private func dropVector(of number: Int64) throws {
        var select = try PreparedStatement("SELECT \(QuestionRow.columns) FROM question q WHERE number = ?", in: db)
        select.bind(number)
        guard try select.step() else { return }
        let owner = EntryID(high: 0, low: 0)
        var row = try QuestionRow(reading: select, owner: owner, symbols: walk.reader.symbols, in: db)
        select.reset()
        let released = 4 * (row.question.vector?.count ?? 0)
        row.question.vector = nil
        row.question.embeddingModel = nil
        var update = try PreparedStatement(
            "UPDATE question SET vector = NULL, embedding_model = NULL, size = size - ?, checksum = ? WHERE number = ?",
            in: db
        )
        update.bind(Int64(released))
        update.bind(row.checksum)
        update.bind(number)
        try update.run()
    }

    /// Writes the tables of keys and tags anew from the rows, which have checksums.
    private func rebuildTables() throws {
        try db.runCached("DELETE FROM question_prefix")
        try db.runCached("INSERT INTO question_prefix SELECT substr(key, 1, 8), number FROM question ORDER BY 1, 2")
        try db.runCached("DELETE FROM tag")
        try db.runCached(
            "INSERT OR IGNORE INTO tag SELECT t.value, e.number FROM entry e, json_each(e.tags) t WHERE e.tags NOT NULL"
        )
    }

    private func recount() throws {
        try db.runCached(
            """
            UPDATE namespace SET entries = (SELECT count(*) FROM entry e WHERE e.namespace = namespace.number), \
            questions = (SELECT count(*) FROM entry e JOIN question q ON q.entry = e.number \
            WHERE e.namespace = namespace.number), \
            bytes = (SELECT ifnull(sum(e.size), 0) FROM entry e WHERE e.namespace = namespace.number) \
            + (SELECT ifnull(sum(q.size), 0) FROM entry e JOIN question q ON q.entry = e.number \
            WHERE e.namespace = namespace.number)
            """
        )
    }

    /// Counts the rows that were not counted yet, before any of them goes, and one more change: an index that was built
    /// before the repair is not complete any more.
    private func countChanges() throws {
        try db.runCached(
            """
            UPDATE store SET changes = changes + 1 + (SELECT count(*) FROM question WHERE number > counted), \
            highest_question = max(highest_question, (SELECT ifnull(max(number), 0) FROM question))
            """
        )
        try db.runCached("UPDATE store SET counted = max(highest_question, 0)")
    }
}
