internal import SemanticCaching

extension ConformanceTrial {
    func filters() async throws {
        let reference = try await storeVariedEntries(count: 60)
        for filter in Self.variedFilters() {
            let found = try await store.entries(matching: filter, after: nil, limit: 1000)
            let expected = reference.entries(matching: filter, after: nil, limit: 1000)
            try expectEqual(found.map(\.id), expected.map(\.id), "answers that pass \(filter)")
            try expectEqual(found, expected, "the contents of answers that pass \(filter)")
        }
    }

    /// Stores answers of several namespaces, tags, models, ages and epochs.
    private func storeVariedEntries(count: UInt64) async throws -> ReferenceStore {
        var reference = ReferenceStore()
        for number in 1...count {
            var entry = Self.entry(number, namespace: number % 3 == 0 ? Self.docs : Self.faq)
            entry.model = "model-\(number % 4)"
            entry.promptVersion = number % 5 == 0 ? "v2" : "v1"
            entry.tags = ["all", "doc:\(number % 7)"] + (number % 2 == 0 ? ["even"] : [])
            entry.expiresAt = number % 6 == 0 ? nil : Timestamp(milliseconds: Int64(1000 + number))
            entry.epoch = number % 4
            var question = Self.question(number, of: number)
            question.text = (number % 2 == 0 ? "How do I return " : "Wie gibt man zurück ") + "item_\(number)%?"
            _ = try await store.insert(entry, question: question)
            _ = reference.insert(entry, question: question)
        }
        return reference
    }

    /// Every condition alone, at its edges, and some together.
    private static func variedFilters() -> [EntryFilter] {
        func filter(_ change: (inout EntryFilter) -> Void) -> EntryFilter {
            var filter = EntryFilter()
            change(&filter)
            return filter
        }
        let edge = entry(30).createdAt
        return [
            EntryFilter(), EntryFilter(namespace: faq), EntryFilter(namespace: docs),
            EntryFilter(namespace: NamespaceID(name: "faq/returns")),
            filter { $0.tag = "doc:3" }, filter { $0.tag = "all" }, filter { $0.tag = "doc:" }, filter { $0.tag = "" },
            filter { $0.model = "model-2" }, filter { $0.promptVersion = "v2" }, filter { $0.promptVersion = "" },
            filter { $0.createdBefore = edge },
            filter { $0.expiredAt = Timestamp(milliseconds: 1031) },
            filter { $0.expiredAt = Timestamp(milliseconds: 0) },
            filter { $0.epochBefore = 2 }, filter { $0.epochBefore = 0 },
            filter { $0.questionPrefix = "How do I" }, filter { $0.questionPrefix = "Wie gibt man zur\u{FC}" },
            filter { $0.questionPrefix = "Wie gibt man zuru\u{308}" }, filter { $0.questionPrefix = "" },
            filter { $0.questionPrefix = "how do i" }, filter { $0.questionPrefix = "How do I return item_2" },
            filter { $0.questionPrefix = "%" },
            filter {
                $0.namespace = docs
                $0.tag = "even"
                $0.model = "model-2"
            },
            filter {
                $0.tag = "doc:1"
                $0.createdBefore = edge
                $0.epochBefore = 3
                $0.questionPrefix = "Wie"
            },
        ]
    }

    func pages() async throws {
        let numbers = Array(1...UInt64(57))
        // Stored out of order: pages are ordered all the same.
        for number in numbers.filter({ $0 % 2 == 0 }) + numbers.filter({ $0 % 2 == 1 }).reversed() {
            try await insert(number)
        }
        _ = try await store.remove([10, 11, 57].map(Self.id))
        let left = numbers.filter { ![10, 11, 57].contains($0) }
        for limit in [1, 7, 1000] {
            var ids: [EntryID] = []
            while case let page = try await store.entries(matching: EntryFilter(), after: ids.last, limit: limit),
                !page.isEmpty
            {
                try expect(page.count <= limit, "a page of \(page.count) answers for a limit of \(limit)")
                ids += page.map(\.id)
            }
            try expectEqual(ids, left.map(Self.id), "all answers in pages of \(limit)")
            var matches: [StoredMatch] = []
            while case let page = try await store.questions(after: matches.last?.question.id ?? 0, limit: limit),
                !page.isEmpty
            {
                try expect(page.count <= limit, "a page of \(page.count) questions for a limit of \(limit)")
                matches += page
            }
            try expectEqual(matches.map(\.question.id), left, "all questions in pages of \(limit)")
            try expectEqual(matches.map(\.entry.id), left.map(Self.id), "their answers")
            try expect(matches.allSatisfy { $0.question.vector?.count == 4 }, "a vector is missing")
        }
        try expectEqual(try await store.entries(matching: EntryFilter(), after: nil, limit: 0), [], "a limit of 0")
        try expectEqual(try await store.questions(after: .max, limit: 5), [], "questions behind the last number")
    }

    func countersNeverGoBack() async throws {
        try expectEqual(try await store.highestQuestionID(), 0, "the greatest number of a new store")
        var changes = try await store.changeCount()
        func expectChange(_ isExpected: Bool, _ what: String) async throws {
            let count = try await store.changeCount()
            try expect(isExpected ? count > changes : count == changes, "\(what): from \(changes) to \(count)")
            changes = count
        }
        try await insert(3)
        try await expectChange(true, "an insertion")
        _ = try await store.addQuestion(Self.question(40, of: 3))
        try await expectChange(true, "a new wording")
        _ = try await store.setVector([1, 0, 0, 0], embeddingModel: "other", of: 3)
        try await expectChange(true, "another vector")
        _ = try await store.setExpiry(Timestamp(milliseconds: 5), of: Self.id(3))
        _ = try await store.addQuestion(Self.question(41, of: 3, key: 3))
        _ = try await store.remove([Self.id(9)])
        try await store.setMetadata("name", to: [1])
        try await expectChange(false, "calls that change no question")
        _ = try await store.remove([Self.id(3)])
        try await expectChange(true, "a removal")
        try expectEqual(try await store.highestQuestionID(), 40, "the greatest number after a removal")
        try await store.reserveQuestionIDs(upTo: 100)
        try await store.reserveQuestionIDs(upTo: 50)
        try expectEqual(try await store.highestQuestionID(), 100, "the greatest number after a reservation")
        // A number below the reserved ones is of a call that was under way.
        try await insert(70)
        try expectEqual(try await store.highestQuestionID(), 100, "the greatest number after a late insertion")
        try expectEqual(try await store.usage().questions, 1, "the questions after a late insertion")
    }

    func updatesInPlace() async throws {
        try await insert(1)
        let time = Timestamp(milliseconds: 99)
        try expect(try await store.setExpiry(time, of: Self.id(1)), "expiry was not set")
        try expectEqual(try await store.entry(Self.id(1))?.expiresAt, time, "the expiry")
        try expect(try await store.setExpiry(nil, of: Self.id(1)), "expiry was not removed")
        try expectEqual(try await store.entry(Self.id(1)), Self.entry(1), "the answer without expiry")
        try expect(!(try await store.setExpiry(time, of: Self.id(2))), "expiry of an answer that is not there")

        try expect(try await store.setVector([1, 0, 0], embeddingModel: "three", of: 1), "the vector was not set")
        let question = try await store.questions(of: Self.id(1)).first
        try expectEqual(question?.vector, [1, 0, 0], "the new vector")
        try expectEqual(question?.embeddingModel, "three", "the new embedding model")
        try expect(!(try await store.setVector([1], embeddingModel: "m", of: 2)), "a vector without a question")

        try await store.recordUse([
            EntryUse(entry: Self.id(1), hits: 2, lastUsedAt: Timestamp(milliseconds: 20)),
            EntryUse(entry: Self.id(9), hits: 5, lastUsedAt: time),
            EntryUse(entry: Self.id(1), hits: 1, lastUsedAt: Timestamp(milliseconds: 10)),
        ])
        try await insert(2)
        let uses = try await store.use(of: [Self.id(1), Self.id(2), Self.id(9)])
        let expected = [
            EntryUse(entry: Self.id(1), hits: 3, lastUsedAt: Timestamp(milliseconds: 20)),
            EntryUse(entry: Self.id(2), hits: 0),
        ]
        try expectEqual(Set(uses), Set(expected), "the use of answers")
        try expectEqual(uses.count, 2, "the number of counts")
    }

    func keepsMetadata() async throws {
        try expectEqual(try await store.metadata("epoch/faq"), nil, "a value that was never set")
        for name in ["epoch/faq", "epoch/docs", "epoch", "policy/faq", "epoch/\u{FC}", "epocx", "epoch/_%"] {
            try await store.setMetadata(name, to: Array(name.utf8))
        }
        try await store.setMetadata("epoch/faq", to: [UInt8](0...255))
        try await store.setMetadata("empty", to: [])
        try await store.setMetadata("policy/faq", to: nil)
        try await store.setMetadata("never set", to: nil)
        try expectEqual(try await store.metadata("epoch/faq"), [UInt8](0...255), "a value that was replaced")
        try expectEqual(try await store.metadata("empty"), [], "an empty value")
        try expectEqual(try await store.metadata("policy/faq"), nil, "a value that was removed")
        let names = ["epoch/_%", "epoch/docs", "epoch/faq", "epoch/\u{FC}"]
        try expectEqual(try await store.metadataNames(prefix: "epoch/"), names, "the names with a prefix")
        try expectEqual(try await store.metadataNames(prefix: "").count, 7, "the number of names")
    }

    func countsUsage() async throws {
        let empty = try await store.usage()
        try expectEqual([empty.entries, empty.questions], [0, 0], "a new store")
        for number: UInt64 in 1...20 { try await insert(number, namespace: number <= 5 ? Self.docs : Self.faq) }
        _ = try await store.addQuestion(Self.question(30, of: 1))
        let full = try await store.usage()
        try expectEqual([full.entries, full.questions], [20, 21], "after 20 answers")
        try expect(full.bytes > 0, "no bytes in use")
        let parts = try await store.usageByNamespace()
        try expectEqual(Set(parts.keys), [Self.faq, Self.docs], "the namespaces")
        try expectEqual(parts[Self.docs].map { [$0.entries, $0.questions] }, [5, 6], "the usage of one namespace")
        try expect((parts[Self.docs]?.bytes ?? 0) < (parts[Self.faq]?.bytes ?? 0), "the bytes of namespaces")
        _ = try await store.remove((1...20).map(Self.id))
        let left = try await store.usage()
        try expectEqual([left.entries, left.questions], [0, 0], "after all were removed")
        try expectEqual(try await store.usageByNamespace(), [:], "the namespaces after all were removed")
    }
}
