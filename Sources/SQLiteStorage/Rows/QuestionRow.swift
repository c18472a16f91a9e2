internal import GRDB
internal import SemanticCaching

/// A question as it lies in its row: the question itself, and its text as it is stored, sealed or not.
struct QuestionRow {
    /// The columns, in the order in which ``init(reading:owner:symbols:in:)`` expects them.
    static let columns = """
        q.number, q.entry, q.key, q.second_key, q.partition, q.embedding_model, q.created, q.checksum, q.text, q.vector
        """
    static let columnCount: Int32 = 10

    /// The question; its text is empty.
    var question: CachedQuestion
    /// The number of the answer's row.
    var entryNumber: Int64
    /// The text as it is stored.
    var text: [UInt8]
    /// The checksum that was stored with the row, or is to be.
    var storedChecksum: Int64 = 0
    /// What the question counts as against the limits; 0 in a row that was read.
    var size = 0

    /// Seals a question.
    init(_ question: CachedQuestion, entryNumber: Int64, cipher: TextCipher) throws {
        self.question = question
        self.entryNumber = entryNumber
        text = try cipher.seal(Array(question.text.utf8), at: Self.place(question))
        self.question.text = ""
        size = question.byteCount
        storedChecksum = checksum
    }

    /// Puts the question under another answer's row.
    mutating func move(to entryNumber: Int64) {
        self.entryNumber = entryNumber
        storedChecksum = checksum
    }

    /// Opens the question.
    func opened(cipher: TextCipher, withVector: Bool) throws -> CachedQuestion {
        guard storedChecksum == checksum else { throw StoredDataFault.checksum }
        var question = question
        question.text = String(decoding: try cipher.open(text, at: Self.place(question)), as: UTF8.self)
        if !withVector { question.vector = nil }
        return question
    }

    private static func place(_ question: CachedQuestion) -> TextCipher.Place {
        .init(column: "question.text", row: question.key.bytes)
    }

    /// The checksum over the whole row.
    var checksum: Int64 {
        var sum = RowChecksum()
        sum.add(Int64(bitPattern: question.id))
        sum.add(entryNumber)
        sum.add(question.key.bytes)
        sum.add(question.check.bytes)
        sum.add(question.partition?.bytes ?? [])
        sum.add(question.embeddingModel ?? "")
        sum.add(question.createdAt.milliseconds)
        sum.add(text)
        (question.vector ?? []).withUnsafeBytes { sum.add($0) }
        return Int64(bitPattern: sum.value)
    }
}

extension QuestionRow {
    /// Reads a row that starts at the first column.
    init(reading row: borrowing PreparedStatement, owner: EntryID, symbols: SymbolTable, in db: Database) throws {
        guard let key = Digest256(bytes: row.bytes(2)), let check = Digest256(bytes: row.bytes(3)) else {
            throw StoredDataFault.malformedColumn
        }
        entryNumber = row.int(1)
        storedChecksum = row.int(7)
        text = row.bytes(8)
        question = CachedQuestion(
            id: UInt64(bitPattern: row.int(0)),
            entry: owner,
            text: "",
            key: key,
            check: check,
            partition: try row.optionalInt(4).map { try symbols.digest($0, in: db) },
            embeddingModel: try row.optionalInt(5).map { try symbols.text($0, in: db) },
            vector: row.vector(9),
            createdAt: Timestamp(milliseconds: row.int(6))
        )
    }

    private static let insertion = """
        INSERT INTO question (number, entry, key, second_key, partition, embedding_model, created, size, checksum, \
        text, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Writes the row.
    func insert(in db: Database, symbols: SymbolTable, isSealed: Bool) throws {
        var insert = try PreparedStatement(Self.insertion, in: db)
        insert.bind(Int64(bitPattern: question.id))
        insert.bind(entryNumber)
        insert.bind(question.key.bytes)
        insert.bind(question.check.bytes)
        insert.bind(try question.partition.map { try symbols.number(of: $0, in: db) })
        insert.bind(try question.embeddingModel.map { try symbols.number(of: $0, in: db) })
        insert.bind(question.createdAt.milliseconds)
        insert.bind(Int64(size))
        insert.bind(storedChecksum)
        if isSealed { insert.bind(text) } else { insert.bind(utf8: text) }
        insert.bind(question.vector)
        try insert.run()
    }
}
