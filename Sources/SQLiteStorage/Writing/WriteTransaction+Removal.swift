internal import GRDB
internal import SemanticCaching

extension WriteTransaction {
    /// Removes answers with all that belongs to them.
    ///
    /// Table by table and not answer by answer: a statement for all rows costs a third of one for each (a store at its limit
    /// spends its time here), and rows that are neighbours leave their pages together.
    /// - Complexity: O(*k* log *n*) for *k* answers.
    mutating func remove(_ ids: [EntryID]) throws -> [RemovedQuestion] {
        var numbers: Set<Int64> = []
        var select = try PreparedStatement("SELECT number FROM entry WHERE id = ?", in: db)
        for id in ids {
            select.reset()
            select.bind(id.bytes)
            if try select.step() { numbers.insert(select.int(0)) }
        }
        select.reset()
        return try remove(rows: numbers)
    }

    /// Removes answers by the numbers of their rows.
    mutating func remove(rows numbers: Set<Int64>) throws -> [RemovedQuestion] {
        guard !numbers.isEmpty else { return [] }
        let entries = try removable(numbers.sorted())
        let questions = try removableQuestions(of: entries)
        try delete(from: "question", "number", questions.map(\.number))
        try delete(from: "entry", "number", entries.map(\.number))
        try delete(from: "entry_use", "entry", entries.map(\.number))
        try deleteTags(of: entries)
        for question in questions { ledger.noteRemoval(of: question.number, prefix: question.prefix) }
        ledger.noteChanges(entries.count)
        return questions.map(\.removed)
    }

    /// What has to be known of an answer to remove it.
    private struct RemovableEntry {
        let number: Int64
        let id: EntryID
        let namespace: Int64
        /// JSON; nil if the table of tags has none of it.
        let tags: [UInt8]?
    }

    /// What has to be known of a question to remove it.
    private struct RemovableQuestion {
        let number: Int64
        /// The first bytes of the key, which sort as the table of keys does.
        let prefix: UInt64
        let removed: RemovedQuestion
    }

    private mutating func removable(_ numbers: [Int64]) throws -> [RemovableEntry] {
        var select = try PreparedStatement("SELECT id, namespace, size, tags FROM entry WHERE number = ?", in: db)
        var entries: [RemovableEntry] = []
        entries.reserveCapacity(numbers.count)
        for number in numbers {
            select.reset()
            select.bind(number)
            guard try select.step() else { continue }
            guard let id = EntryID(bytes: select.bytes(0)) else { throw StoredDataFault.malformedColumn }
            let namespace = select.int(1)
            ledger.subtract(StoreUsage(entries: 1, bytes: Int(select.int(2))), from: namespace, row: number)
            let tags = number <= ledger.counted ? select.optionalBytes(3) : nil
            entries.append(RemovableEntry(number: number, id: id, namespace: namespace, tags: tags))
        }
        return entries
    }

    private mutating func removableQuestions(of entries: [RemovableEntry]) throws -> [RemovableQuestion] {
        var questions: [RemovableQuestion] = []
        questions.reserveCapacity(entries.count)
        for condition in ["number = ?1 AND entry = ?1", "entry = ?1 AND entry <> number"] {
            var select = try PreparedStatement(
                "SELECT number, key, partition, size FROM question WHERE \(condition)",
                in: db
            )
            for entry in entries {
                select.reset()
                select.bind(entry.number)
                while try select.step() {
                    let bytes = select.bytes(1)
                    guard let key = Digest256(bytes: bytes) else { throw StoredDataFault.malformedColumn }
                    let prefix = bytes.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
                    let number = select.int(0)
                    let part = StoreUsage(questions: 1, bytes: Int(select.int(3)))
                    ledger.subtract(part, from: entry.namespace, row: number)
                    let removed = RemovedQuestion(
                        id: UInt64(bitPattern: number),
                        entry: entry.id,
                        key: key,
                        partition: try select.optionalInt(2).map { try symbols.digest($0, in: db) }
                    )
                    questions.append(RemovableQuestion(number: number, prefix: prefix, removed: removed))
                }
            }
        }
        return questions
    }

    private func delete(from table: String, _ column: String, _ numbers: [Int64]) throws {
        var delete = try PreparedStatement(
            "DELETE FROM \(table) WHERE \(column) IN (SELECT value FROM json_each(?))",
            in: db
        )
        delete.bind(utf8: Array("[\(numbers.map(String.init).joined(separator: ","))]".utf8))
        try delete.run()
    }

    private func deleteTags(of entries: [RemovableEntry]) throws {
        var delete = try PreparedStatement("DELETE FROM tag WHERE tag = ? AND entry = ?", in: db)
        for entry in entries {
            guard let tags = entry.tags else { continue }
            for tag in Set(try EntryRow.tags(tags)) {
                delete.reset()
                delete.bind(tag)
                delete.bind(entry.number)
                try delete.run()
            }
        }
    }
}
