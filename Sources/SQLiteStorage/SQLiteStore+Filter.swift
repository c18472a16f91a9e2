internal import GRDB
public import SemanticCaching

extension SQLiteStore {
    /// Up to `limit` answers that pass the filter, in the order of their ids, behind `after`; damaged ones are left out.
    ///
    /// - Complexity: O(log *n*) to find the first answer of a tag or of an expired kind, then O(*k*) for the *k* answers
    ///   of that tag or kind; O(*n*) for other conditions.
    public func entries(matching filter: EntryFilter, after: EntryID?, limit: Int) async throws -> [CacheEntry] {
        guard limit > 0 else { return [] }
        return try await read { [self] db in
            guard let query = try FilterQuery(filter, symbols: symbols, in: db) else { return [] }
            // Sealed questions can only be compared when opened, so SQLite cannot do it.
            let prefix = cipher.isEncrypting ? filter.questionPrefix : nil
            do {
                return try entries(query, prefix, after: after?.bytes, limit: limit, in: db)
            } catch let fault as SQLiteFault where fault.isDamage {
                // A page of the table is broken: what is on the others is to be had all the same.
                return try readableEntries(query, prefix, after: after?.bytes, limit: limit, in: db)
            }
        }
    }

    private func entries(
        _ query: FilterQuery,
        _ prefix: String?,
        after: [UInt8]?,
        limit: Int,
        in db: Database
    ) throws -> [CacheEntry] {
        var found: [CacheEntry] = []
        var last = after
        var rows = 0
        repeat {
            // A page of nothing but damaged answers, or of ones that do not pass, must not look like the end.
            rows = 0
            var select = try PreparedStatement(query.sql(isPaged: last != nil), in: db)
            query.bind(to: &select, after: last, limit: limit)
            while found.count < limit, try select.step() {
                rows += 1
                last = select.bytes(1)
                guard let entry = try reader.entryUnlessDamaged(select, in: db) else { continue }
                if let prefix {
                    guard try hasQuestion(of: select.int(0), entry.id, prefix: prefix, in: db) else { continue }
                }
                found.append(entry)
            }
        } while found.count < limit && rows == limit
        return found
    }

    /// The same row by row, without those that cannot be reached.
    ///
    /// - Throws: ``SQLiteFault`` if the query needs more than the index of answers, or if that is damaged too.
    private func readableEntries(
        _ query: FilterQuery,
        _ prefix: String?,
        after: [UInt8]?,
        limit: Int,
        in db: Database
    ) throws -> [CacheEntry] {
        var found: [CacheEntry] = []
        var last = after
        var numbers: [Int64] = []
        repeat {
            numbers.removeAll()
            var page = try PreparedStatement(query.numbers(isPaged: last != nil), in: db)
            query.bind(to: &page, after: last, limit: limit - found.count)
            while try page.step() {
                numbers.append(page.int(0))
                last = page.bytes(1)
            }
            found += try numbers.compactMap { try readableEntry($0, prefix, in: db) }
        } while found.count < limit && !numbers.isEmpty
        return found
    }

    /// The answer in a row; nil if it is damaged, cannot be reached, or has no question that begins so.
    private func readableEntry(_ number: Int64, _ prefix: String?, in db: Database) throws -> CacheEntry? {
        var row = try PreparedStatement("SELECT \(EntryRow.columns) FROM entry e WHERE e.number = ?", in: db)
        row.bind(number)
        guard try row.stepUnlessDamaged(), let entry = try reader.entryUnlessDamaged(row, in: db) else { return nil }
        guard let prefix else { return entry }
        return try hasQuestion(of: number, entry.id, prefix: prefix, in: db) ? entry : nil
    }

    private func hasQuestion(of number: Int64, _ id: EntryID, prefix: String, in db: Database) throws -> Bool {
        let sql = "SELECT \(QuestionRow.columns) FROM question q WHERE q.number \(StoreSchema.questionsOfEntry)"
        var select = try PreparedStatement(sql, in: db)
        select.bind(number)
        while try select.stepUnlessDamaged() {
            let question = try? reader.question(select, owner: id, withVector: false, in: db)
            if question?.text.utf8.starts(with: prefix.utf8) == true { return true }
        }
        return false
    }

    /// A filter as a condition in SQL with its parameters in order.
    private struct FilterQuery {
        private var conditions: [String] = []
        private var bindings: [Binding] = []

        private enum Binding {
            case integer(Int64)
            case text(String)
            case bytes([UInt8])
        }

        /// Translates a filter; nil if no answer can pass because a name in it was never stored.
        init?(_ filter: EntryFilter, symbols: SymbolTable, in db: Database) throws {
            if let tag = filter.tag {
                // Answers above `counted` are not in the table of tags yet.
                let tagged = """
                    e.number IN (SELECT entry FROM tag WHERE tag = ? UNION ALL SELECT t.number FROM entry t, \
                    json_each(\(StoreSchema.soundTags("t"))) j WHERE t.number > (SELECT counted FROM store) AND t.tags NOT NULL AND j.value = ?)
                    """
                conditions.append(tagged)
                bindings += [.text(tag), .text(tag)]
            }
            if let namespace = filter.namespace {
                guard let number = try symbols.number(of: namespace, in: db, createIfNew: false) else { return nil }
                add("e.namespace = ?", .integer(number))
            }
            if let model = filter.model {
                add("e.model = (SELECT number FROM symbol WHERE value = ?)", .text(model))
            }
            if let version = filter.promptVersion {
                add("e.prompt_version = (SELECT number FROM symbol WHERE value = ?)", .text(version))
            }
            if let time = filter.createdBefore { add("e.created < ?", .integer(time.milliseconds)) }
            if let time = filter.expiredAt { add("e.expires <= ?", .integer(time.milliseconds)) }
            if let epoch = filter.epochBefore { add("e.epoch < ?", .integer(Int64(clamping: epoch))) }
            if let prefix = filter.questionPrefix, !prefix.isEmpty {
                let bytes = Array(prefix.utf8)
                // As bytes, because SQLite's text functions stop at a zero byte.
                let fits = "(typeof(q.text) = 'blob' OR substr(CAST(q.text AS BLOB), 1, \(bytes.count)) = ?)"
                conditions.append(
                    """
                    (EXISTS (SELECT 1 FROM question q WHERE q.number = e.number AND q.entry = e.number AND \(fits)) OR \
                    EXISTS (SELECT 1 FROM question q WHERE q.entry = e.number AND q.entry <> q.number AND \(fits)))
                    """
                )
                bindings += [.bytes(bytes), .bytes(bytes)]
            }
        }

        private mutating func add(_ condition: String, _ binding: Binding) {
            conditions.append(condition)
            bindings.append(binding)
        }

        /// The query, which sorts numbers and ids, where it has to sort, and not whole rows.
        func sql(isPaged: Bool) -> String {
            """
            WITH page AS MATERIALIZED (\(numbers(isPaged: isPaged))) \
            SELECT \(EntryRow.columns) FROM page JOIN entry e ON e.number = page.number ORDER BY page.id
            """
        }

        /// The query for the numbers and ids alone.
        func numbers(isPaged: Bool) -> String {
            let all = conditions + (isPaged ? ["e.id > ?"] : [])
            let condition = all.isEmpty ? "" : " WHERE " + all.joined(separator: " AND ")
            return "SELECT e.number, e.id FROM entry e\(condition) ORDER BY e.id LIMIT ?"
        }

        func bind(to statement: inout PreparedStatement, after: [UInt8]?, limit: Int) {
            for binding in bindings {
                switch binding {
                case .integer(let value): statement.bind(value)
                case .text(let value): statement.bind(value)
                case .bytes(let value): statement.bind(value)
                }
            }
            if let after { statement.bind(after) }
            statement.bind(Int64(limit))
        }
    }
}
