internal import GRDB
internal import SemanticCaching

/// The counts that writes change, gathered in memory and written once in many commits.
///
/// What was stored since the last time lies in rows above the number `counted`, so that nothing is lost with the memory:
/// readers, and the next opening, add those few rows up (``usageQuery``). A put then touches no page for counts. Whatever
/// those rows cannot show, such as removals, is written in its own commit.
///
/// Keys and tags of those rows are brought into their tables some thousand at a time: in the order of the tables, so that
/// the pages which each of them would touch are shared by all. Keys of questions that are gone leave in the same turn; until
/// then they lead to nothing, as whoever finds a key looks at its row.
struct StoreLedger {
    /// How many questions may lie above `counted`: what a reader has to add up at the most, but for one batch.
    static let limit = 4096

    private(set) var highestQuestion: UInt64
    private(set) var changes: UInt64
    /// Rows with greater numbers are not in the counts, nor in the tables of keys and tags.
    private(set) var counted: Int64
    /// Questions above `counted`.
    private var uncounted = 0
    /// What the rows above `counted` amount to, by namespace.
    private var usage: [Int64: StoreUsage] = [:]
    /// By what the written counts have to change.
    private var due: [Int64: StoreUsage] = [:]
    private var isDue = false
    /// Rows of the table of keys whose questions are gone.
    private var idleKeys: [IdleKey] = []

    /// A row of the table of keys; `prefix` sorts as the first bytes of the key do.
    struct IdleKey {
        let prefix: UInt64
        let question: Int64
    }

    /// Whether enough has come together to be brought into the tables.
    var isFillDue: Bool { uncounted >= Self.limit || idleKeys.count >= Self.limit }

    /// Whether there is anything that the tables do not show yet.
    var hasUntabled: Bool { uncounted > 0 || !idleKeys.isEmpty }

    /// Reads the counts of the last commit.
    ///
    /// - Complexity: O(questions above `counted`).
    init(readingFrom db: Database) throws {
        (highestQuestion, changes) = try Self.read(from: db)
        var select = try PreparedStatement("SELECT counted FROM store", in: db)
        guard try select.step() else { throw StoredDataFault.danglingNumber }
        counted = select.int(0)
        try addUncounted(
            """
            SELECT e.namespace, count(*), 0, sum(q.size) FROM question q JOIN entry e ON e.number = q.entry \
            WHERE q.number > ? GROUP BY e.namespace
            """,
            in: db
        )
        try addUncounted(
            "SELECT namespace, 0, count(*), sum(size) FROM entry WHERE number > ? GROUP BY namespace",
            in: db
        )
        uncounted = usage.values.reduce(0) { $0 + $1.questions }
    }

    private mutating func addUncounted(_ sql: String, in db: Database) throws {
        var select = try PreparedStatement(sql, in: db)
        select.bind(counted)
        while try select.step() {
            let part = StoreUsage(
                entries: Int(select.int(2)),
                questions: Int(select.int(1)),
                bytes: Int(select.int(3))
            )
            usage[select.int(0), default: StoreUsage()].add(part)
        }
    }

    /// The greatest number that a question ever had, and the count of changes.
    static func read(from db: Database) throws -> (highestQuestion: UInt64, changes: UInt64) {
        var select = try PreparedStatement(
            """
            SELECT highest_question, (SELECT ifnull(max(number), 0) FROM question), \
            changes + (SELECT count(*) FROM question WHERE number > counted) FROM store
            """,
            in: db
        )
        guard try select.step() else { throw StoredDataFault.danglingNumber }
        // Numbers beyond Int64 are negative in SQL, and never among the uncounted.
        let highest = max(UInt64(bitPattern: select.int(0)), UInt64(max(0, select.int(1))))
        return (highest, UInt64(bitPattern: select.int(2)))
    }

    /// What each namespace holds: number, tenant, name, answers, questions, bytes.
    ///
    /// One statement, so that it sees one state of the database.
    static let usageQuery = """
        SELECT n.number, n.tenant, n.name, n.entries + ifnull(a.entries, 0), n.questions + ifnull(b.questions, 0), \
        n.bytes + ifnull(a.bytes, 0) + ifnull(b.bytes, 0) FROM namespace n \
        LEFT JOIN (SELECT namespace, count(*) AS entries, sum(size) AS bytes FROM entry \
        WHERE number > (SELECT counted FROM store) GROUP BY namespace) a ON a.namespace = n.number \
        LEFT JOIN (SELECT e.namespace, count(*) AS questions, sum(q.size) AS bytes \
        FROM question q JOIN entry e ON e.number = q.entry \
        WHERE q.number > (SELECT counted FROM store) GROUP BY e.namespace) b ON b.namespace = n.number
        """

    /// Notes a new question.
    mutating func noteQuestion(_ number: UInt64) {
        highestQuestion = max(highestQuestion, number)
        changes &+= 1
        // Above `counted` the rows speak for themselves.
        if Int64(bitPattern: number) > counted { uncounted += 1 } else { isDue = true }
    }

    /// Notes that no number up to this one is free any more.
    mutating func noteReservation(upTo number: UInt64) {
        guard number > highestQuestion else { return }
        highestQuestion = number
        isDue = true
    }

    /// Notes changes that the rows above `counted` do not show.
    mutating func noteChanges(_ count: Int) {
        changes &+= UInt64(count)
        isDue = true
    }

    /// Notes that a question is gone; the change is noted with its answer.
    mutating func noteRemoval(of question: Int64, prefix: UInt64) {
        if question > counted {
            // Of a damaged store, a question may go that was not counted with its answer.
            uncounted = max(0, uncounted - 1)
        } else {
            idleKeys.append(IdleKey(prefix: prefix, question: question))
        }
    }

    /// Counts what a row has more than it had.
    mutating func add(_ part: StoreUsage, to namespace: Int64, row: Int64) {
        if row > counted {
            usage[namespace, default: StoreUsage()].add(part)
        } else {
            due[namespace, default: StoreUsage()].add(part)
            isDue = true
        }
    }

    /// Counts what a row had.
    mutating func subtract(_ part: StoreUsage, from namespace: Int64, row: Int64) {
        var negative = StoreUsage()
        negative.subtract(part)
        add(negative, to: namespace, row: row)
    }

    /// Brings the keys of rows above `counted` to those that look for them in memory.
    static func noteUntabledKeys(in keys: RecentKeys, from db: Database) throws {
        var select = try PreparedStatement(
            "SELECT number, key FROM question WHERE number > (SELECT counted FROM store)",
            in: db
        )
        while try select.step() {
            // A damaged key is found by nobody.
            if let key = Digest256(bytes: select.bytes(1)) { keys.add(select.int(0), key: key) }
        }
    }

    /// Writes what is due.
    ///
    /// - Parameter fills: whether the tables may be filled now, which takes some milliseconds; they are if it can wait no
    ///   longer.
    /// - Returns: whether keys and tags of all rows are in their tables now.
    mutating func write(to db: Database, fills: Bool) throws -> Bool {
        let fills = fills && hasUntabled || uncounted >= 2 * Self.limit
        guard isDue || fills else { return false }
        if fills {
            try fillTables(in: db)
            counted = Int64(clamping: highestQuestion)
            for (namespace, part) in usage { due[namespace, default: StoreUsage()].add(part) }
            usage.removeAll(keepingCapacity: true)
            uncounted = 0
            idleKeys.removeAll()
        }
        try writeCounts(to: db)
        isDue = false
        return fills
    }

    private mutating func writeCounts(to db: Database) throws {
        var update = try PreparedStatement("UPDATE store SET highest_question = ?, changes = ?, counted = ?", in: db)
        update.bind(Int64(bitPattern: highestQuestion))
        // Whoever reads it adds the rows above `counted`.
        update.bind(Int64(bitPattern: changes &- UInt64(uncounted)))
        update.bind(counted)
        try update.run()
        var add = try PreparedStatement(
            """
            UPDATE namespace SET entries = entries + ?, questions = questions + ?, bytes = bytes + ? \
            WHERE number = ?
            """,
            in: db
        )
        for (namespace, part) in due {
            add.reset()
            add.bind(Int64(part.entries))
            add.bind(Int64(part.questions))
            add.bind(Int64(part.bytes))
            add.bind(namespace)
            try add.run()
        }
        due.removeAll(keepingCapacity: true)
    }

    private func fillTables(in db: Database) throws {
        try deleteIdleKeys(in: db)
        for sql in [
            "INSERT OR IGNORE INTO question_prefix SELECT substr(key, 1, 8), number FROM question WHERE number > ? ORDER BY 1, 2",
            """
            INSERT OR IGNORE INTO tag SELECT j.value, e.number FROM entry e, json_each(\(StoreSchema.soundTags("e"))) j \
            WHERE e.number > ? AND e.tags NOT NULL ORDER BY 1, 2
            """,
        ] {
            var insert = try PreparedStatement(sql, in: db)
            insert.bind(counted)
            try insert.run()
        }
    }

    /// Takes the keys of questions that are gone out of their table, in its order.
    private func deleteIdleKeys(in db: Database) throws {
        var delete = try PreparedStatement(
            // A number may have been given again by hand.
            """
            DELETE FROM question_prefix WHERE prefix = ?1 AND question = ?2 \
            AND NOT EXISTS (SELECT 1 FROM question WHERE number = ?2)
            """,
            in: db
        )
        for key in idleKeys.sorted(by: { $0.prefix < $1.prefix }) {
            delete.reset()
            delete.bind(withUnsafeBytes(of: key.prefix.bigEndian) { Array($0) })
            delete.bind(key.question)
            try delete.run()
        }
    }
}
