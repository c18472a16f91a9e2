internal import SemanticCaching

extension ConformanceTrial {
    func keepsEveryField() async throws {
        var entry = CacheEntry(
            id: Self.id(1),
            namespace: NamespaceID(tenant: "tenant \u{1F9EA}", name: "faq/ünï/'quoted'"),
            model: "model \"x\"",
            promptVersion: "v7\u{0}with a null",
            reply: CachedReply(
                text: "Zero\u{0}byte, e\u{301} decomposed, \u{1F469}\u{200D}\u{1F680}, and a line\nbreak.",
                finishReason: .toolCalls,
                usage: TokenUsage(promptTokens: 12, cachedPromptTokens: 3, completionTokens: 45),
                model: "provider/model-2025",
                wire: .init(format: "chat.completion", json: [UInt8](0...255))
            ),
            tags: ["doc:42", "doc:42@v7", "", "doc:42"],
            createdAt: Timestamp(milliseconds: .min),
            expiresAt: Timestamp(milliseconds: .max),
            epoch: UInt64(Int64.max),
            upstreamLatency: .milliseconds(1234),
            cost: 0.1
        )
        var question = Self.question(1 << 60, of: 1)
        question.text = String(repeating: "long \u{0} text ", count: 10_000)
        question.vector = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1 / 3]
        try expectEqual(try await store.insert(entry, question: question), [], "removed questions")
        try await expectStored(entry, question)

        entry = CacheEntry(
            id: Self.id(2),
            namespace: NamespaceID(),
            model: "",
            reply: CachedReply(text: ""),
            createdAt: Timestamp(milliseconds: 0)
        )
        question = CachedQuestion(
            id: 1,
            entry: Self.id(2),
            text: "",
            key: Self.key(2),
            check: Self.key(3),
            createdAt: Timestamp(milliseconds: -1)
        )
        _ = try await store.insert(entry, question: question)
        try await expectStored(entry, question)
        try expectEqual(try await store.entry(Self.id(3)), nil, "an answer that was never stored")
        try expectEqual(try await store.match(key: Self.key(99)), nil, "a key that was never stored")
    }

    private func expectStored(_ entry: CacheEntry, _ question: CachedQuestion) async throws {
        var bare = question
        bare.vector = nil
        let match = StoredMatch(question: bare, entry: entry)
        try expectEqual(try await store.entry(entry.id), entry, "the answer")
        try expectEqual(try await store.match(key: question.key), match, "the match")
        try expectEqual(try await store.matches(questions: [question.id]), [match], "the match by number")
        let stored = try await store.questions(of: entry.id)
        try expectEqual(stored, [question], "the questions")
        let bits = stored.first?.vector?.map(\.bitPattern)
        try expectEqual(bits, question.vector?.map(\.bitPattern), "the bits of the vector")
    }

    func replacesTheOwnerOfAKey() async throws {
        try await insert(1)
        try expect(try await store.addQuestion(Self.question(2, of: 1)), "the second wording was refused")
        try await insert(3)
        let removed = try await store.insert(Self.entry(4), question: Self.question(4, of: 4, key: 2))
        let expected = [1, 2].map { Self.removal($0, of: 1) }
        try expectEqual(Set(removed), Set(expected), "the questions of the replaced answer")
        try expectEqual(removed.count, 2, "the number of notes")
        try expectEqual(try await store.entry(Self.id(1)), nil, "the replaced answer")
        try expectEqual(try await store.match(key: Self.key(1)), nil, "a key of the replaced answer")
        try expectEqual(try await store.match(key: Self.key(2))?.entry.id, Self.id(4), "the owner of the key")
        try expectEqual(try await store.matches(questions: [1, 2, 3, 4]).count, 2, "questions that are left")
    }

    static func removal(_ number: UInt64, of entry: UInt64, key: UInt64? = nil) -> RemovedQuestion {
        RemovedQuestion(id: number, entry: id(entry), key: Self.key(key ?? number), partition: Self.key(7))
    }

    func replacesTheSameID() async throws {
        try await insert(1)
        try await insert(2)
        var changed = Self.entry(1, namespace: Self.docs)
        changed.reply.text = "Changed."
        // The key of 2 as well: both answers go, in one step.
        let removed = try await store.insert(changed, question: Self.question(1, of: 1, key: 2))
        try expectEqual(Set(removed), [Self.removal(1, of: 1), Self.removal(2, of: 2)], "removed questions")
        try expectEqual(try await store.entry(Self.id(1)), changed, "the answer")
        try expectEqual(try await store.entry(Self.id(2)), nil, "the answer that owned the key")
        try expectEqual(try await store.match(key: Self.key(1)), nil, "the old key")
        let old = try await store.entries(matching: EntryFilter(namespace: Self.faq), after: nil, limit: 9)
        try expectEqual(old, [], "answers of the old namespace")
    }

    func addsQuestions() async throws {
        try await insert(1)
        try await insert(2)
        try expect(try await store.addQuestion(Self.question(5, of: 1)), "a new wording was refused")
        try expect(!(try await store.addQuestion(Self.question(6, of: 1, key: 2))), "an owned key was accepted")
        try expect(!(try await store.addQuestion(Self.question(7, of: 1, key: 5))), "its own key was accepted twice")
        try expect(
            !(try await store.addQuestion(Self.question(8, of: 9))),
            "an answer that is not there got a question"
        )
        try expectEqual(try await store.questions(of: Self.id(1)).map(\.id), [1, 5], "questions of the answer")
        try expectEqual(try await store.match(key: Self.key(5))?.entry, Self.entry(1), "the answer to the new wording")
        try expectEqual(try await store.match(key: Self.key(2))?.question.id, 2, "the owner of the refused key")
        let among = [99, 5, 2, 98].map { Self.key($0) }
        try expectEqual(try await store.firstMatch(among: among)?.question.id, 5, "the first key that is owned")
        try expectEqual(try await store.firstMatch(among: [Self.key(99)]), nil, "the first of no owned keys")
        try expectEqual(try await store.firstMatch(among: []), nil, "the first of no keys")
    }

    func refusesNumbersInUse() async throws {
        try await insert(1)
        try await insert(2)
        try await expectThrows(.invalidRequest, "an insertion under a number in use") {
            _ = try await store.insert(Self.entry(3), question: Self.question(1, of: 3, key: 3))
        }
        try await expectThrows(.invalidRequest, "a wording under a number in use") {
            _ = try await store.addQuestion(Self.question(2, of: 1, key: 3))
        }
        try await expectThrows(.invalidRequest, "a question of another answer") {
            _ = try await store.insert(Self.entry(3), question: Self.question(3, of: 1))
        }
        try expectEqual(try await store.entry(Self.id(3)), nil, "the refused answer")
        try expectEqual(try await store.questions(after: 0, limit: 9).map(\.entry.id), [Self.id(1), Self.id(2)], "all")
    }

    func removesAnswersWithTheirQuestions() async throws {
        for number: UInt64 in 1...4 { try await insert(number) }
        _ = try await store.addQuestion(Self.question(9, of: 2))
        let removed = try await store.remove([Self.id(2), Self.id(77), Self.id(4), Self.id(2)])
        let expected = [Self.removal(2, of: 2), Self.removal(9, of: 2), Self.removal(4, of: 4)]
        try expectEqual(Set(removed), Set(expected), "removed questions")
        try expectEqual(removed.count, 3, "the number of notes")
        try expectEqual(try await store.remove([Self.id(2), Self.id(4)]), [], "a second removal")
        try expectEqual(try await store.remove([]), [], "a removal of nothing")
        try expectEqual(try await store.questions(after: 0, limit: 9).map(\.question.id), [1, 3], "what is left")
        try expectEqual(try await store.match(key: Self.key(9)), nil, "a key of a removed answer")
        try await insert(2)
        try expectEqual(try await store.match(key: Self.key(2))?.entry, Self.entry(2), "the answer that came again")
        try expectEqual(try await store.questions(of: Self.id(2)).map(\.id), [2], "the questions of the new answer")
    }

    func movesQuestions() async throws {
        for number: UInt64 in 1...3 { try await insert(number) }
        try await insert(4, namespace: Self.docs)
        _ = try await store.addQuestion(Self.question(9, of: 2))
        let before = try await store.usageByNamespace()[Self.faq] ?? StoreUsage()
        var moved = [Self.question(2, of: 1), Self.question(9, of: 1)]
        try expectEqual(try await store.moveQuestions(of: Self.id(2), to: Self.id(1)), moved, "the moved questions")
        moved.insert(Self.question(1, of: 1), at: 0)
        try expectEqual(try await store.questions(of: Self.id(1)), moved, "the questions of the answer that got them")
        for key: UInt64 in [1, 2, 9] {
            let match = try await store.match(key: Self.key(key))
            try expectEqual(match?.entry, Self.entry(1), "the answer under key \(key)")
        }
        try expectEqual(try await store.entry(Self.id(2)), nil, "the answer that lost its questions")
        try expectEqual(try await store.questions(of: Self.id(2)), [], "its questions")
        let after = try await store.usageByNamespace()[Self.faq] ?? StoreUsage()
        try expectEqual([after.entries, after.questions], [before.entries - 1, before.questions], "what is counted")
        for (source, target) in [(2, 1), (1, 2), (1, 1), (1, 4)] as [(UInt64, UInt64)] {
            let refused = try await store.moveQuestions(of: Self.id(source), to: Self.id(target))
            try expectEqual(refused, [], "a move of \(source) to \(target)")
        }
        try expectEqual(try await store.questions(of: Self.id(1)), moved, "what a refused move left")
        let gone = try await store.remove([Self.id(1)])
        try expectEqual(Set(gone.map(\.id)), [1, 2, 9], "what goes with the answer that got them")
        // Numbers and keys are free again.
        try await insert(2)
        try expectEqual(try await store.match(key: Self.key(2))?.entry, Self.entry(2), "the answer that came again")
    }
}
