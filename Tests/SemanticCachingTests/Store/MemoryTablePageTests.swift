import Testing

@testable import SemanticCaching

/// A page of the memory store costs what it has, not what its tag or its namespace has.
@Suite struct MemoryTablePageTests {
    private func id(_ number: Int) -> EntryID { EntryID(high: UInt64(number), low: 0) }

    private func table(_ count: Int) throws -> MemoryTable {
        var table = MemoryTable()
        for number in 1...count {
            let entry = CacheEntry(
                id: id(number),
                namespace: NamespaceID(name: number % 4 == 0 ? "few" : "many"),
                model: "m",
                reply: CachedReply(text: "a"),
                tags: number % 10 == 0 ? ["tenth", "tenth"] : [],
                createdAt: Timestamp(milliseconds: 0)
            )
            let question = CachedQuestion(
                id: UInt64(number),
                entry: entry.id,
                text: "q",
                key: Digest256(hashing: Array("\(number)".utf8)),
                check: Digest256(hashing: []),
                createdAt: entry.createdAt
            )
            _ = try table.insert(entry, question: question)
        }
        return table
    }

    /// Walks all pages; returns the ids, and how many were looked at.
    private func walk(_ table: MemoryTable, _ filter: EntryFilter) -> (ids: [EntryID], lookedAt: Int) {
        var (ids, lookedAt): ([EntryID], Int) = ([], 0)
        while case let page = table.page(matching: filter, after: ids.last, limit: 16), !page.entries.isEmpty {
            ids += page.entries.map(\.id)
            lookedAt += page.lookedAt
        }
        return (ids, lookedAt)
    }

    @Test func everyAnswerIsLookedAtOnce() throws {
        var table = try table(2_000)
        var tagged = EntryFilter()
        tagged.tag = "tenth"
        for (filter, count) in [(EntryFilter(namespace: NamespaceID(name: "few")), 500), (tagged, 200)] {
            let (ids, lookedAt) = walk(table, filter)
            #expect(ids.count == count)
            #expect(ids == ids.sorted())
            #expect(lookedAt == count)
        }
        // Of what was removed, at most as much is come by as is left.
        for number in 1...1_500 { _ = table.remove(id(number)) }
        for (filter, count) in [(EntryFilter(namespace: NamespaceID(name: "few")), 125), (tagged, 50)] {
            let (ids, lookedAt) = walk(table, filter)
            #expect(ids.count == count)
            #expect(lookedAt <= 2 * count)
        }
        for number in 1_501...2_000 { _ = table.remove(id(number)) }
        #expect(walk(table, tagged).ids.isEmpty)
        #expect(table.byTag.isEmpty)
        #expect(table.namespaces.isEmpty)
    }

    @Test func anIDThatComesAgainUnderOtherTagsIsFoundUnderTheseOnly() throws {
        var table = try table(40)
        var entry = try #require(table.records[id(10)]?.entry)
        let question = try #require(table.questions[10])
        entry.tags = ["other"]
        _ = try table.insert(entry, question: question)
        var filter = EntryFilter()
        filter.tag = "tenth"
        #expect(walk(table, filter).ids == [20, 30, 40].map(id))
        filter.tag = "other"
        #expect(walk(table, filter).ids == [id(10)])
        entry.tags = ["tenth"]
        _ = try table.insert(entry, question: question)
        filter.tag = "tenth"
        #expect(walk(table, filter).ids == [10, 20, 30, 40].map(id))
    }
}
