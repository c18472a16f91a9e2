internal import GRDB
internal import SemanticCaching
internal import Synchronization

/// The numbers of values that repeat in many rows (models, prompt versions, namespaces, partitions), remembered so that
/// a row is written and read without a look at the tables that hold them.
final class SymbolTable: Sendable {
    private struct Contents {
        var texts: [Int64: String] = [:]
        var textNumbers: [String: Int64] = [:]
        var digests: [Int64: Digest256] = [:]
        var digestNumbers: [Digest256: Int64] = [:]
        var namespaces: [Int64: NamespaceID] = [:]
        var namespaceNumbers: [NamespaceID: Int64] = [:]
    }

    private let contents = Mutex(Contents())

    /// Forgets all numbers: those that a rolled-back transaction gave may be given again.
    func forget() { contents.withLock { $0 = Contents() } }
}

extension SymbolTable {
    func text(_ number: Int64, in db: Database) throws -> String {
        if let known = contents.withLock({ $0.texts[number] }) { return known }
        var select = try PreparedStatement("SELECT value FROM symbol WHERE number = ?", in: db)
        select.bind(number)
        guard try select.step() else { throw StoredDataFault.danglingNumber }
        let text = select.text(0)
        contents.withLock { $0.texts[number] = text }
        return text
    }

    func digest(_ number: Int64, in db: Database) throws -> Digest256 {
        if let known = contents.withLock({ $0.digests[number] }) { return known }
        var select = try PreparedStatement("SELECT value FROM symbol WHERE number = ?", in: db)
        select.bind(number)
        guard try select.step(), let digest = Digest256(bytes: select.bytes(0)) else {
            throw StoredDataFault.danglingNumber
        }
        contents.withLock { $0.digests[number] = digest }
        return digest
    }

    func namespace(_ number: Int64, in db: Database) throws -> NamespaceID {
        if let known = contents.withLock({ $0.namespaces[number] }) { return known }
        var select = try PreparedStatement("SELECT tenant, name FROM namespace WHERE number = ?", in: db)
        select.bind(number)
        guard try select.step() else { throw StoredDataFault.danglingNumber }
        let namespace = NamespaceID(tenant: select.text(0), name: select.text(1))
        contents.withLock { $0.namespaces[number] = namespace }
        return namespace
    }
}

extension SymbolTable {
    /// The number of a text, given to it now if it has none; for the writer, in its transaction.
    func number(of text: String, in db: Database) throws -> Int64 {
        if let known = contents.withLock({ $0.textNumbers[text] }) { return known }
        let number = try Self.number(in: db) { $0.bind(text) }
        contents.withLock { $0.textNumbers[text] = number }
        return number
    }

    /// The number of a digest, given to it now if it has none; for the writer, in its transaction.
    func number(of digest: Digest256, in db: Database) throws -> Int64 {
        if let known = contents.withLock({ $0.digestNumbers[digest] }) { return known }
        let number = try Self.number(in: db) { $0.bind(digest.bytes) }
        contents.withLock { $0.digestNumbers[digest] = number }
        return number
    }

    private static func number(in db: Database, bind: (inout PreparedStatement) -> Void) throws -> Int64 {
        var select = try PreparedStatement("SELECT number FROM symbol WHERE value = ?", in: db)
        bind(&select)
        if try select.step() { return select.int(0) }
        var insert = try PreparedStatement("INSERT INTO symbol (value) VALUES (?)", in: db)
        bind(&insert)
        try insert.run()
        return db.lastInsertedRowID
    }

    /// The number of a namespace, given to it now if it has none and `createIfNew` allows it.
    func number(of namespace: NamespaceID, in db: Database, createIfNew: Bool) throws -> Int64? {
        if let known = contents.withLock({ $0.namespaceNumbers[namespace] }) { return known }
        var select = try PreparedStatement("SELECT number FROM namespace WHERE tenant = ? AND name = ?", in: db)
        select.bind(namespace.tenant)
        select.bind(namespace.name)
        let number: Int64
        if try select.step() {
            number = select.int(0)
        } else {
            guard createIfNew else { return nil }
            var insert = try PreparedStatement("INSERT INTO namespace (tenant, name) VALUES (?, ?)", in: db)
            insert.bind(namespace.tenant)
            insert.bind(namespace.name)
            try insert.run()
            number = db.lastInsertedRowID
        }
        // Only the writer remembers it: a reader may look at a state from before `compact` dropped the namespace.
        if createIfNew { contents.withLock { $0.namespaceNumbers[namespace] = number } }
        return number
    }
}
