import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct InvalidationTests {
    private let store = MemoryStore()
    private let faq = NamespaceID(tenant: "acme", name: "faq/returns")
    private let shop = NamespaceID(tenant: "beta", name: "shop")

    /// Six answers in two namespaces of two tenants.
    private func fill() async throws {
        let questions = [
            "What is the price of tea?", "How do I return tea?", "Price list for 2024", "Opening hours on Sunday",
            "What is the price of coffee?", "Where is my parcel?",
        ]
        for (index, text) in questions.enumerated() {
            let number = UInt64(index + 1)
            let entry = CacheEntry(
                id: EntryID(high: number, low: 0),
                namespace: index < 4 ? faq : shop,
                model: index.isMultiple(of: 2) ? "small" : "large",
                promptVersion: index < 3 ? "v1" : "v2",
                reply: CachedReply(text: "Answer"),
                tags: ["product:\(index % 3)", "all"],
                createdAt: Timestamp(milliseconds: Int64(index) * 1000)
            )
            _ = try await store.insert(entry, question: question(number, of: entry.id, text))
        }
        // A second wording of the first answer.
        let alias = question(7, of: EntryID(high: 1, low: 0), "Tea, how much?")
        #expect(try await store.addQuestion(alias))
    }

    private func question(_ number: UInt64, of entry: EntryID, _ text: String) -> CachedQuestion {
        CachedQuestion(
            id: number,
            entry: entry,
            text: text,
            key: Digest256(hashing: Array(text.utf8)),
            check: Digest256(hashing: Array(text.utf8.reversed())),
            createdAt: Timestamp(milliseconds: 0)
        )
    }

    /// What is selected, by the numbers of the answers, as preview and removal say it.
    private func selected(by selector: InvalidationSelector) async throws -> Set<UInt64> {
        let preview = try await store.preview(selector, exampleLimit: 100)
        let ids = Set(preview.examples.map(\.id.high))
        #expect(preview.entries == ids.count)
        let removed = try await store.removeAll(selector)
        #expect(Set(removed.map(\.entry.high)) == ids)
        #expect(removed.count == preview.questions)
        #expect(try await store.preview(selector).entries == 0)
        return ids
    }

    @Test func everyConditionSelects() async throws {
        let id = EntryID(high: 2, low: 0)
        var regular = InvalidationSelector(question: try QuestionPattern(regularExpression: "(?i)price"))
        let cases: [(InvalidationSelector, Set<UInt64>)] = [
            (InvalidationSelector(ids: [id, EntryID(high: 99, low: 0)]), [2]),
            (InvalidationSelector(tag: "product:1"), [2, 5]),
            (InvalidationSelector(namespace: shop), [5, 6]),
            (InvalidationSelector(model: "small"), [1, 3, 5]),
            (InvalidationSelector(promptVersion: "v2"), [4, 5, 6]),
            (InvalidationSelector(createdBefore: Timestamp(milliseconds: 2000)), [1, 2]),
            (InvalidationSelector(question: QuestionPattern(prefix: "What is")), [1, 5]),
            (InvalidationSelector(question: try QuestionPattern(glob: "*tea*")), [1, 2]),
            (regular, [1, 3, 5]),
            // The second wording of an answer counts as much as the first.
            (InvalidationSelector(question: QuestionPattern(prefix: "Tea, how")), [1]),
            (InvalidationSelector(), []),
        ]
        for (selector, expected) in cases {
            for entry in try await store.entries(matching: EntryFilter(), after: nil, limit: 100) {
                _ = try await store.remove([entry.id])
            }
            try await fill()
            #expect(try await selected(by: selector) == expected, "\(selector)")
        }
        try await fill()
        regular.tenant = "acme"
        regular.filter.model = "small"
        regular.ids = [EntryID(high: 1, low: 0), id]
        #expect(try await selected(by: regular) == [1])
    }

    @Test func theExampleShowsTheFittingQuestion() async throws {
        try await fill()
        let selector = InvalidationSelector(question: try QuestionPattern(glob: "*how much*"))
        let preview = try await store.preview(selector)
        #expect(preview.examples.map(\.question) == ["Tea, how much?"])
        #expect(preview.questions == 2)
        #expect(try await store.usage().questions == 7, "a preview removes nothing")
        #expect(try await store.preview(InvalidationSelector(tag: "all"), exampleLimit: 2).examples.count == 2)
    }

    @Test func batchesAreHandedOverAsTheyGo() async throws {
        for number: UInt64 in 1...2_100 {
            let id = EntryID(high: number, low: 0)
            let entry = CacheEntry(
                id: id,
                namespace: faq,
                model: "m",
                reply: CachedReply(text: ""),
                createdAt: Timestamp(milliseconds: 0)
            )
            _ = try await store.insert(entry, question: question(number, of: id, "\(number)"))
        }
        var batches: [Int] = []
        try await store.removeAll(InvalidationSelector(namespace: faq)) { batches.append($0.count) }
        #expect(batches.reduce(0, +) == 2_100)
        #expect(batches.count > 1 && batches.allSatisfy { $0 <= 1_024 })
        #expect(try await store.usage().entries == 0)
    }

    @Test func eventsSelectByTheirValues() async throws {
        let rule = try EventRule(on: "product_updated", where: #"tag == "product:{id}" and tenant == "{tenant}""#)
        let event = CacheEvent("product_updated", ["id": "1", "tenant": "acme"])
        let selector = try #require(try rule.selector(for: event))
        try await fill()
        #expect(try await selected(by: selector) == [2])
        #expect(try rule.selector(for: CacheEvent("product_removed")) == nil)
        let error = #expect(throws: CacheError.self) { try rule.selector(for: CacheEvent("product_updated")) }
        #expect(error?.code == .invalidRequest)
    }

    @Test func valuesOfEventsBringNoWildcards() throws {
        let values = [".*", "a*b", "(x|y)", #"\d"#, "?", "[a-z]", "{2}"]
        for (kind, condition) in [("matches", "^{name}$"), ("like", "{name}"), ("starts_with", "{name}")] {
            let rule = try EventRule(on: "e", where: #"question \#(kind) "\#(condition)""#)
            for value in values {
                let pattern = try #require(try rule.selector(for: CacheEvent("e", ["name": value]))?.question)
                #expect(pattern.matches(value), "\(kind) \(value)")
                for other in ["aXb", "x", "5", "ab", "", "aa"] { #expect(!pattern.matches(other), "\(kind) \(value)") }
            }
        }
    }

    @Test(arguments: ["*", "a*b", "?", "1?"])
    func valuesOfEventsBringNoWildcardsIntoNamespaces(value: String) throws {
        let rule = try EventRule(on: "e", where: #"namespace == "shop/{id}/*""#)
        let selector = try #require(try rule.selector(for: CacheEvent("e", ["id": "17", "other": value])))
        #expect(selector.namespaces == NamespacePattern("shop/17/*"), "the rule's own stay")
        let error = #expect(throws: CacheError.self) { try rule.selector(for: CacheEvent("e", ["id": value])) }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: [
        "", "tag", "tag = \"a\"", "tag == a", "tag == \"a", "tag == \"\"", "color == \"red\"", "question == \"a\"",
        "question matches \"(\"", "tag == \"a\" tag == \"b\"", "tag == \"a\" and tag == \"b\"", "id == \"nonsense\"",
        "tag == \"a\" and",
    ])
    func wrongConditionsAreRefused(_ text: String) {
        let error = #expect(throws: CacheError.self) { try EventRule(on: "e", where: text) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func regularExpressionsInRulesKeepTheirBackslashes() throws {
        let rule = try EventRule(on: "e", where: #"question matches "\bsku-{id}\b \\ \d{2,3} \"x\"""#)
        let pattern = try #require(try rule.selector(for: CacheEvent("e", ["id": "7.1"]))?.question)
        #expect(pattern.matches(#"the sku-7.1 \ 123 "x""#))
        #expect(!pattern.matches(#"the sku-7x1 \ 123 "x""#))
    }

    @Test func theShortestTimeRuleCounts() throws {
        let prices = try QuestionPattern(regularExpression: "(?i)price")
        let rules = InvalidationRules(times: [
            TimeRule(question: prices, timeToLive: .seconds(3600)),
            TimeRule(question: QuestionPattern(prefix: "What"), timeToLive: .seconds(60)),
            TimeRule(question: prices, timeToLive: .seconds(1), namespaces: NamespacePattern("shop")),
        ])
        #expect(rules.timeToLive(of: "Price of tea", in: faq) == .seconds(3600))
        #expect(rules.timeToLive(of: "What price", in: faq) == .seconds(60))
        #expect(rules.timeToLive(of: "What price", in: shop) == .seconds(1))
        #expect(rules.timeToLive(of: "Where", in: shop) == nil)
    }
}
