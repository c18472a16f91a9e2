internal import GRDB
internal import SemanticCaching

extension WriteTransaction {
    /// Puts the questions of an answer under another of its namespace, and removes the answer that lost them.
    ///
    /// Keys, numbers and what the namespace counts stay as they are; only the owner changes, and with it the checksum.
    /// - Complexity: O(*q* log *n*) for *q* questions.
    mutating func moveQuestions(of id: EntryID, to other: EntryID) throws -> [QuestionRow] {
        guard id != other, let source = try number(of: id), let target = try number(of: other),
            try namespace(of: source) == namespace(of: target)
        else { return [] }
        var rows: [QuestionRow] = []
        let sql = "SELECT \(QuestionRow.columns) FROM question q WHERE q.number \(StoreSchema.questionsOfEntry)"
        var select = try PreparedStatement(sql, in: db)
        select.bind(source)
        while try select.step() {
            let row = try QuestionRow(reading: select, owner: other, symbols: symbols, in: db)
            guard row.storedChecksum == row.checksum else { throw StoredDataFault.checksum }
            rows.append(row)
        }
        select.reset()
        var update = try PreparedStatement("UPDATE question SET entry = ?, checksum = ? WHERE number = ?", in: db)
        for index in rows.indices {
            rows[index].move(to: target)
            update.reset()
            update.bind(target)
            update.bind(rows[index].storedChecksum)
            update.bind(Int64(bitPattern: rows[index].question.id))
            try update.run()
        }
        // It has no questions any more that could go with it.
        _ = try remove(rows: [source])
        return rows.sorted { $0.question.id < $1.question.id }
    }
}
