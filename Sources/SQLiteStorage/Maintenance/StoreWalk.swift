internal import GRDB
internal import SemanticCaching

/// A walk over every row of the store that checks all that can be checked, and remembers which rows have to go.
struct StoreWalk {
    let db: Database
    let reader: RowReader

    private(set) var report = StoreReport()
    /// Numbers of answers' rows that cannot stay.
    private(set) var lostEntries: Set<Int64> = []
    /// Numbers of questions that cannot stay.
    private(set) var lostQuestions: Set<Int64> = []
    /// Numbers of questions that stay, but without their vectors.
    private(set) var lostVectors: Set<Int64> = []
    /// Whether every row could be reached.
    private(set) var isComplete = true
    /// What each namespace holds.
    private(set) var usage: [Int64: StoreUsage] = [:]
    private var tagsOfEntries: [Int64: Set<String>] = [:]
    /// Rows with greater numbers need not be in the tables of keys and tags.
    private var counted: Int64 = 0

    init(db: Database, reader: RowReader) {
        self.db = db
        self.reader = reader
    }

    /// Walks everything.
    ///
    /// - Complexity: O(bytes of the store), in one read transaction.
    mutating func run() throws {
        try walkDatabase()
        do {
            try readCounted()
            try walkEntries()
            try walkQuestions()
            try walkLinks()
            try walkCounts()
        } catch let fault as SQLiteFault where report.counts[.damagedDatabase] != nil {
            report.note(.damagedDatabase, "the walk ended early: \(fault)")
            isComplete = false
        }
    }

    private mutating func walkDatabase() throws {
        var check = try PreparedStatement("PRAGMA integrity_check(\(StoreReport.findingLimit))", in: db)
        do throws(SQLiteFault) {
            while try check.step() {
                let message = check.text(0)
                if message != "ok" { report.note(.damagedDatabase, message) }
            }
        } catch {
            guard error.isDamage else { throw error }
            // It gives up at some kinds of damage, behind what it has found.
            report.note(.damagedDatabase, "SQLite's check ended early: \(error)")
        }
    }

    private mutating func readCounted() throws {
        var select = try PreparedStatement("SELECT counted FROM store", in: db)
        counted = try select.step() ? select.int(0) : 0
    }

    private mutating func walkEntries() throws {
        var select = try PreparedStatement("SELECT \(EntryRow.columns), e.size FROM entry e", in: db)
        while try select.step() {
            let number = select.int(0)
            report.entries += 1
            do {
                let entry = try reader.entry(select, from: 0, in: db)
                if !entry.tags.isEmpty, number <= counted { tagsOfEntries[number] = Set(entry.tags) }
                let part = StoreUsage(entries: 1, bytes: Int(select.int(EntryRow.columnCount)))
                usage[select.int(2), default: StoreUsage()].add(part)
            } catch let error as CacheError where error.code == .corruptStore {
                report.note(.damagedEntry, "row \(number)")
                lostEntries.insert(number)
            }
        }
    }

    private mutating func walkQuestions() throws {
        let sql = """
            SELECT \(QuestionRow.columns), q.size, e.namespace FROM question q LEFT JOIN entry e ON e.number = q.entry
            """
        var select = try PreparedStatement(sql, in: db)
        while try select.step() {
            let (number, entry) = (select.int(0), select.int(1))
            report.questions += 1
            guard let namespace = select.optionalInt(QuestionRow.columnCount + 1) else {
                report.note(.questionWithoutEntry, "question \(number)")
                lostQuestions.insert(number)
                continue
            }
            do {
                // The id of the answer is not part of the row, and no check needs it.
                let owner = EntryID(high: 0, low: 0)
                let question = try reader.question(select, owner: owner, withVector: true, in: db)
                check(question.vector, of: number)
                if lostEntries.contains(entry) { continue }
                let part = StoreUsage(questions: 1, bytes: Int(select.int(QuestionRow.columnCount)))
                usage[namespace, default: StoreUsage()].add(part)
            } catch let error as CacheError where error.code == .corruptStore {
                report.note(.damagedQuestion, "question \(number)")
                lostQuestions.insert(number)
            }
        }
    }

    private mutating func check(_ vector: [Float]?, of number: Int64) {
        guard let vector else { return }
        report.vectors += 1
        let squares = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        // The tolerance with which indexes take vectors for unit vectors.
        guard !vector.isEmpty, abs(squares.squareRoot() - 1) <= 1e-3 else {
            report.note(.invalidVector, "question \(number), length \(squares.squareRoot())")
            lostVectors.insert(number)
            return
        }
    }

    private mutating func walkLinks() throws {
        var select = try PreparedStatement(
            """
            SELECT number FROM entry e WHERE NOT EXISTS (SELECT 1 FROM question q WHERE q.number = e.number \
            AND q.entry = e.number) AND NOT EXISTS (SELECT 1 FROM question q WHERE q.entry = e.number \
            AND q.entry <> q.number)
            """,
            in: db
        )
        while try select.step() {
            report.note(.entryWithoutQuestion, "row \(select.int(0))")
            lostEntries.insert(select.int(0))
        }
        var tagRows = try PreparedStatement("SELECT tag, entry FROM tag", in: db)
        var found: [Int64: Set<String>] = [:]
        while try tagRows.step() { found[tagRows.int(1), default: []].insert(tagRows.text(0)) }
        for number in Set(found.keys).union(tagsOfEntries.keys).subtracting(lostEntries).sorted()
        where found[number] != tagsOfEntries[number] {
            report.note(.danglingRow, "tags of row \(number)")
        }
        try walkKeys()
        var uses = try PreparedStatement(
            "SELECT entry FROM entry_use u WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.number = u.entry)",
            in: db
        )
        while try uses.step() { report.note(.danglingRow, "use of row \(uses.int(0))") }
    }

    /// Looks for questions without a key; the reverse, which a kill may leave, harms nobody.
    private mutating func walkKeys() throws {
        var missing = try PreparedStatement(
            """
            SELECT number FROM question q WHERE number <= ? AND NOT EXISTS (SELECT 1 FROM question_prefix \
            WHERE prefix = substr(q.key, 1, 8) AND question = q.number)
            """,
            in: db
        )
        missing.bind(counted)
        while try missing.step() {
            let number = missing.int(0)
            if !lostQuestions.contains(number) {
                report.note(.danglingRow, "question \(number) is not found by its key")
            }
        }
    }

    private mutating func walkCounts() throws {
        var select = try PreparedStatement(StoreLedger.usageQuery, in: db)
        var unseen = usage
        while try select.step() {
            let number = select.int(0)
            let kept = StoreUsage(
                entries: Int(select.int(3)),
                questions: Int(select.int(4)),
                bytes: Int(select.int(5))
            )
            // Lost rows are in the kept count and not in the walked one; they are findings of their own.
            if unseen.removeValue(forKey: number) ?? StoreUsage() != kept, lostEntries.isEmpty, lostQuestions.isEmpty {
                report.note(.wrongCount, "namespace \(number)")
            }
        }
        var highest = try PreparedStatement(
            "SELECT counted > highest_question AND highest_question >= 0 FROM store",
            in: db
        )
        if try !highest.step() || highest.int(0) != 0 { report.note(.wrongCount, "greatest question number") }
    }
}
