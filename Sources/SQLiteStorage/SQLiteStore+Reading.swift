internal import GRDB
public import SemanticCaching

extension SQLiteStore {
    /// The answer of that id.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `corruptStore` if its row is damaged.
    public func entry(_ id: EntryID) async throws -> CacheEntry? {
        try await readFewRows { [reader] db in
            var select = try PreparedStatement("SELECT \(EntryRow.columns) FROM entry e WHERE e.id = ?", in: db)
            select.bind(id.bytes)
            guard try select.step() else { return nil }
            return try reader.entry(select, from: 0, in: db)
        }
    }

    /// The question that owns the key, with its answer.
    ///
    /// - Throws: ``/SemanticCaching/CacheError`` with `corruptStore` if its row or that of the answer is damaged.
    public func match(key: Digest256) async throws -> StoredMatch? {
        try await firstMatch(among: [key])
    }

    /// The question that owns the first of the keys that is owned at all, found in one read.
    public func firstMatch(among keys: [Digest256]) async throws -> StoredMatch? {
        try await readFewRows { [reader, recentKeys] db in
            let condition = recentKeys == nil ? RowReader.hasKey : RowReader.hasTabledKey
            var select = try PreparedStatement(RowReader.matches(where: condition), in: db)
            for key in keys {
                // Before the table: keys leave here once they are there.
                for number in recentKeys?.candidates(for: key) ?? [] {
                    var row = try PreparedStatement(RowReader.matches(where: RowReader.hasNumberAndKey), in: db)
                    row.bind(number)
                    row.bind(key.bytes)
                    if try row.step() { return try reader.match(row, withVector: false, in: db) }
                }
                select.reset()
                select.bind(key.bytes)
                if try select.step() { return try reader.match(select, withVector: false, in: db) }
            }
            return nil
        }
    }

    /// The questions of those numbers with their answers; damaged ones are left out.
    public func matches(questions: [UInt64]) async throws -> [StoredMatch] {
        try await readFewRows { [reader] db in
            var found: [StoredMatch] = []
            var select = try PreparedStatement(RowReader.matches(where: "q.number = ?"), in: db)
            for number in Set(questions) {
                select.reset()
                select.bind(Int64(bitPattern: number))
                if try select.step(), let match = try reader.matchUnlessDamaged(select, withVector: false, in: db) {
                    found.append(match)
                }
            }
            return found
        }
    }

    /// All questions of an answer, with their vectors, in the order of their numbers; damaged ones are left out.
    public func questions(of entry: EntryID) async throws -> [CachedQuestion] {
        try await readFewRows { [reader] db in
            var number = try PreparedStatement("SELECT number FROM entry WHERE id = ?", in: db)
            number.bind(entry.bytes)
            guard try number.step() else { return [] }
            let sql = """
                SELECT \(QuestionRow.columns) FROM question q WHERE q.number \(StoreSchema.questionsOfEntry) \
                ORDER BY q.number
                """
            var select = try PreparedStatement(sql, in: db)
            select.bind(number.int(0))
            var found: [CachedQuestion] = []
            while try select.stepUnlessDamaged() {
                // Neither a damaged row nor a broken page must stop a list, an export or an invalidation of many answers.
                if let question = try reader.questionUnlessDamaged(select, owner: entry, in: db) {
                    found.append(question)
                }
            }
            return found
        }
    }

    /// Up to `limit` questions in the order of their numbers, behind `after`, with vectors and answers.
    ///
    /// Damaged rows are left out: the cache starts without them, and `verify` tells of them.
    public func questions(after: UInt64, limit: Int) async throws -> [StoredMatch] {
        // Numbers are stored as signed ones: nothing is behind the greatest of those.
        guard after < UInt64(Int64.max), limit > 0 else { return [] }
        return try await read { [reader] db in
            let sql = RowReader.matches(where: "q.number > ? ORDER BY q.number LIMIT ?")
            var found: [StoredMatch] = []
            var last = after
            // A page of nothing but damaged rows must not look like the end.
            while found.isEmpty {
                var select = try PreparedStatement(sql, in: db)
                select.bind(Int64(bitPattern: last))
                select.bind(Int64(limit))
                var rows = 0
                while try select.step() {
                    rows += 1
                    last = UInt64(bitPattern: select.int(0))
                    if let match = try reader.matchUnlessDamaged(select, withVector: true, in: db) {
                        found.append(match)
                    }
                }
                guard rows == limit else { break }
            }
            return found
        }
    }

    /// How answers were used.
    public func use(of entries: [EntryID]) async throws -> [EntryUse] {
        try await read { db in
            var select = try PreparedStatement(
                "SELECT u.hits, u.last FROM entry e LEFT JOIN entry_use u ON u.entry = e.number WHERE e.id = ?",
                in: db
            )
            var found: [EntryUse] = []
            for id in Set(entries) {
                select.reset()
                select.bind(id.bytes)
                guard try select.step() else { continue }
                let last = select.optionalInt(1).map { Timestamp(milliseconds: $0) }
                found.append(EntryUse(entry: id, hits: UInt64(bitPattern: select.int(0)), lastUsedAt: last))
            }
            return found
        }
    }

    /// The greatest number that a question ever had here; 0 in a new store.
    public func highestQuestionID() async throws -> UInt64 {
        try await readFewRows { try StoreLedger.read(from: $0).highestQuestion }
    }

    /// Counts the changes of the set of questions and vectors.
    public func changeCount() async throws -> UInt64 {
        try await readFewRows { try StoreLedger.read(from: $0).changes }
    }

    /// How many answers and questions there are, and how many bytes the database and its log have.
    public func usage() async throws -> StoreUsage {
        let parts = try await usageByNamespace()
        var usage = parts.values.reduce(into: StoreUsage()) { $0.add($1) }
        usage.bytes = files.databaseBytes
        return usage
    }

    /// What each namespace holds; the bytes are those of texts, replies and vectors.
    public func usageByNamespace() async throws -> [NamespaceID: StoreUsage] {
        try await read { db in
            var select = try PreparedStatement(StoreLedger.usageQuery, in: db)
            var parts: [NamespaceID: StoreUsage] = [:]
            while try select.step() {
                guard select.int(3) > 0 else { continue }
                parts[NamespaceID(tenant: select.text(1), name: select.text(2))] = StoreUsage(
                    entries: Int(select.int(3)),
                    questions: Int(select.int(4)),
                    bytes: Int(select.int(5))
                )
            }
            return parts
        }
    }

    /// A small durable value, nil if never set.
    public func metadata(_ name: String) async throws -> [UInt8]? {
        try await readFewRows { db in
            var select = try PreparedStatement("SELECT value FROM metadata WHERE name = ?", in: db)
            select.bind(name)
            return try select.step() ? select.bytes(0) : nil
        }
    }

    /// The names of the small values that start with the prefix, sorted by their UTF-8 bytes.
    public func metadataNames(prefix: String) async throws -> [String] {
        try await read { db in
            var select = try PreparedStatement("SELECT name FROM metadata WHERE name >= ? ORDER BY name", in: db)
            select.bind(prefix)
            var names: [String] = []
            while try select.step() {
                let name = select.text(0)
                guard name.utf8.starts(with: prefix.utf8) else { break }
                names.append(name)
            }
            return names
        }
    }
}
