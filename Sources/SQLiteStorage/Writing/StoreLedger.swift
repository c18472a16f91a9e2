internal import GRDB
internal import SemanticCaching

/// The counts that a batch of writes changes, gathered in memory and written once per commit.
struct StoreLedger {
    private(set) var highestQuestion: UInt64
    private(set) var changes: UInt64
    private var usage: [Int64: StoreUsage] = [:]
    private var isChanged = false

    /// Reads the counts of the last commit.
    init(readingFrom db: Database) throws {
        var select = try PreparedStatement("SELECT highest_question, changes FROM store", in: db)
        guard try select.step() else { throw StoredDataFault.danglingNumber }
        highestQuestion = UInt64(bitPattern: select.int(0))
        changes = UInt64(bitPattern: select.int(1))
    }

    mutating func noteQuestion(_ number: UInt64) { highestQuestion = max(highestQuestion, number) }

    mutating func noteChange() {
        changes &+= 1
        isChanged = true
    }

    mutating func add(_ part: StoreUsage, to namespace: Int64) { usage[namespace, default: StoreUsage()].add(part) }

    mutating func subtract(_ part: StoreUsage, from namespace: Int64) {
        usage[namespace, default: StoreUsage()].subtract(part)
    }

    /// Writes what changed since the last call.
    mutating func write(to db: Database) throws {
        if isChanged {
            var update = try PreparedStatement("UPDATE store SET highest_question = ?, changes = ?", in: db)
            update.bind(Int64(bitPattern: highestQuestion))
            update.bind(Int64(bitPattern: changes))
            try update.run()
            isChanged = false
        }
        for (namespace, part) in usage {
            var update = try PreparedStatement(
                """
                UPDATE namespace SET entries = entries + ?, questions = questions + ?, bytes = bytes + ? \
                WHERE number = ?
                """,
                in: db
            )
            update.bind(Int64(part.entries))
            update.bind(Int64(part.questions))
            update.bind(Int64(part.bytes))
            update.bind(namespace)
            try update.run()
        }
        usage.removeAll(keepingCapacity: true)
    }
}
