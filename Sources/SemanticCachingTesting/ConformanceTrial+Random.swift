internal import SemanticCaching

extension ConformanceTrial {
    /// Makes the same random calls to the store and to the obvious slow one, and compares every result.
    ///
    /// Ids, numbers and keys come from small ranges, so that replacement, refusal and reuse are common.
    func behavesLikeTheModel(
        steps: Int,
        reopen: (@Sendable (any EntryStore) async throws -> any EntryStore)?
    ) async throws {
        var generator = SeededGenerator(seed: seed)
        var reference = ReferenceStore()
        var trial = self
        for step in 0..<steps {
            if let reopen, step % 25 == 24 {
                trial = ConformanceTrial(check: check, seed: seed, store: try await reopen(trial.store))
            }
            try await trial.compareOneCall(&reference, step: step, using: &generator)
            if step % 20 == 19 { try await trial.compareContents(reference, step: step) }
        }
        try await trial.compareContents(reference, step: steps)
        if reopen != nil { try await trial.store.close() }
    }

    private func compareOneCall(
        _ reference: inout ReferenceStore,
        step: Int,
        using generator: inout SeededGenerator
    ) async throws {
        let id = UInt64.random(in: 1...20, using: &generator)
        let number = UInt64.random(in: 1...60, using: &generator)
        let question = randomQuestion(number, of: id, using: &generator)
        switch Int.random(in: 0..<17, using: &generator) {
        case 0..<5:
            let entry = randomEntry(id, using: &generator)
            let found = try await refusable { try await store.insert(entry, question: question) }
            let expected = reference.insert(entry, question: question)
            try expectEqual(found.map(Set.init), expected.map(Set.init), "step \(step), insert \(id), \(number)")
        case 5..<9:
            let found = try await refusable { try await store.addQuestion(question) }
            try expectEqual(found, reference.addQuestion(question), "step \(step), addQuestion \(number) to \(id)")
        case 9..<11:
            let ids = [Self.id(id), Self.id(number % 20)]
            let found = try await store.remove(ids)
            try expectEqual(Set(found), Set(reference.remove(ids)), "step \(step), remove \(ids)")
        case 11:
            let found = try await store.setExpiry(question.createdAt, of: Self.id(id))
            let expected = reference.setExpiry(question.createdAt, of: Self.id(id))
            try expectEqual(found, expected, "step \(step), setExpiry \(id)")
        case 12:
            let found = try await store.setVector(question.vector, embeddingModel: "other", of: number)
            let expected = reference.setVector(question.vector, embeddingModel: "other", of: number)
            try expectEqual(found, expected, "step \(step), setVector \(number)")
        case 13:
            let uses = [EntryUse(entry: Self.id(id), hits: number, lastUsedAt: question.createdAt)]
            try await store.recordUse(uses)
            reference.recordUse(uses)
        case 14:
            let other = Self.id(number % 20)
            let found = try await store.moveQuestions(of: Self.id(id), to: other)
            let expected = reference.moveQuestions(of: Self.id(id), to: other)
            try expectEqual(found, expected, "step \(step), moveQuestions of \(id) to \(other)")
        default:
            let value = number % 3 == 0 ? nil : [UInt8(id)]
            try await store.setMetadata("name/\(id % 5)", to: value)
            reference.setMetadata("name/\(id % 5)", to: value)
        }
    }

    private func compareContents(_ reference: ReferenceStore, step: Int) async throws {
        let all = try await store.questions(after: 0, limit: 1000)
        try expectEqual(all, reference.questions(after: 0, limit: 1000), "step \(step), all questions")
        let ids = (0...21).map(Self.id)
        for id in ids {
            try expectEqual(try await store.entry(id), reference.entry(id), "step \(step), answer \(id)")
            let questions = try await store.questions(of: id)
            try expectEqual(questions, reference.questions(of: id), "step \(step), questions of \(id)")
        }
        let keys = (0...40).map(Self.key)
        for key in keys {
            try expectEqual(try await store.match(key: key), reference.match(key: key), "step \(step), key \(key)")
        }
        let numbers = [UInt64](0...61)
        let matches = Set(try await store.matches(questions: numbers))
        try expectEqual(matches, Set(reference.matches(questions: numbers)), "step \(step), matches")
        try expectEqual(Set(try await store.use(of: ids)), Set(reference.use(of: ids)), "step \(step), use")
        var filter = EntryFilter(namespace: Self.faq)
        filter.tag = "t1"
        let tagged = try await store.entries(matching: filter, after: Self.id(3), limit: 5)
        try expectEqual(
            tagged,
            reference.entries(matching: filter, after: Self.id(3), limit: 5),
            "step \(step), filter"
        )
        let names = try await store.metadataNames(prefix: "name/")
        try expectEqual(names, reference.metadataNames(prefix: "name/"), "step \(step), names")
        let usage = try await store.usage()
        let counts = StoreUsage(entries: usage.entries, questions: usage.questions)
        try expectEqual(counts, reference.counts, "step \(step), usage")
        let parts = try await store.usageByNamespace().values.reduce(into: StoreUsage()) { $0.add($1) }
        try expectEqual([parts.entries, parts.questions], [counts.entries, counts.questions], "step \(step), parts")
        let highest = try await store.highestQuestionID()
        try expectEqual(highest, reference.highestQuestionID, "step \(step), greatest number")
    }

    /// The result of a call, or nil if it was refused as invalid.
    private func refusable<Value>(_ call: () async throws -> Value) async throws -> Value? {
        do {
            return try await call()
        } catch let error as CacheError where error.code == .invalidRequest {
            return nil
        }
    }

    private func randomEntry(_ number: UInt64, using generator: inout SeededGenerator) -> CacheEntry {
        var entry = Self.entry(number, namespace: Bool.random(using: &generator) ? Self.faq : Self.docs)
        entry.reply.text = String(generator.next(), radix: 36)
        entry.tags = (0..<3).filter { _ in Bool.random(using: &generator) }.map { "t\($0)" }
        entry.epoch = .random(in: 0...3, using: &generator)
        return entry
    }

    private func randomQuestion(
        _ number: UInt64,
        of entry: UInt64,
        using generator: inout SeededGenerator
    ) -> CachedQuestion {
        var question = Self.question(number, of: entry, key: .random(in: 1...40, using: &generator))
        question.text = String(generator.next(), radix: 36)
        question.vector = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
            Float.random(in: -1...1, using: &generator)
        }
        return question
    }

    func survivesConcurrentCalls() async throws {
        let writers: UInt64 = 8
        let rounds: UInt64 = 40
        let removals = try await withThrowingTaskGroup(of: [RemovedQuestion].self) { group in
            for writer in 0..<writers {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &+ writer)
                    var removed: [RemovedQuestion] = []
                    for round in 0..<rounds {
                        let number = 1 + writer * 1000 + round * 2
                        let key = UInt64.random(in: 0..<50, using: &generator)
                        let question = Self.question(number, of: number, key: key)
                        removed += try await store.insert(Self.entry(number), question: question)
                        let alias = Self.question(number + 1, of: number, key: 100 + number)
                        _ = try await store.addQuestion(alias)
                        guard let match = try await store.match(key: question.key) else { continue }
                        // Another writer may own the key by now; whoever does is complete.
                        try expectEqual(match.question.entry, match.entry.id, "an answer with a question of another")
                    }
                    return removed
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let left = try await store.questions(after: 0, limit: 10_000)
        try expectEqual(Set(left.map(\.question.key)).count, left.count, "keys with one owner each")
        try expectEqual(Set(removals.map(\.id)).count, removals.count, "questions that were reported as removed twice")
        let shared = left.filter { $0.question.id % 2 == 1 }
        let entries = try await store.entries(matching: EntryFilter(), after: nil, limit: 10_000)
        try expectEqual(Set(shared.map(\.entry.id)), Set(entries.map(\.id)), "answers with their first question")
        let firsts = removals.count { $0.id % 2 == 1 } + shared.count
        try expectEqual(firsts, Int(writers * rounds), "first questions that are there or were reported as removed")
    }

    func refusesCallsAfterClose() async throws {
        try await insert(1)
        try await store.close()
        try await expectThrows(.storeUnavailable, "insert") { try await insert(2) }
        try await expectThrows(.storeUnavailable, "entry") { _ = try await store.entry(Self.id(1)) }
        try await expectThrows(.storeUnavailable, "match") { _ = try await store.match(key: Self.key(1)) }
        try await expectThrows(.storeUnavailable, "remove") { _ = try await store.remove([Self.id(1)]) }
        try await expectThrows(.storeUnavailable, "setMetadata") { try await store.setMetadata("a", to: [1]) }
    }
}
