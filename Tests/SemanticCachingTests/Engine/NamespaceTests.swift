import SemanticCaching
import Testing

@Suite struct NamespaceTests {
    @Test(arguments: [
        ("faq", "faq", true), ("faq", "faq/returns", true), ("faq", "faq2", false), ("faq/*", "faq/returns", true),
        ("faq/*", "faq", false), ("faq/*", "faq/returns/eu", true), ("*", "anything/at/all", true),
        ("*/eu", "faq/eu", true), ("*/eu", "faq/eu/north", true), ("*/eu", "faq/europe", false),
        ("f?q", "faq", true), ("f?q", "fq", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false),
        ("", "", true), ("*", "", true), ("**", "x", true), ("é*", "été", true),
    ])
    func patternsMatchNamesAndTheirAncestors(pattern: String, name: String, expected: Bool) {
        #expect(NamespacePattern(pattern).matches(name) == expected)
    }

    @Test(arguments: IndexKind.allCases) func everyKindOfIndexAnswers(kind: IndexKind) async throws {
        let fixture = try CacheFixture { $0.rules = [NamespaceRule("faq") { $0.index = kind }] }
        for number in 0..<30 { try await fixture.put("Where is parcel number \(number) now?", "at \(number)") }
        let verdict = await fixture.cache.lookup(fixture.request("where is parcel number 7 now"))
        #expect(verdict.reply?.text == "at 7")
        let removed = try #require(verdict.entry)
        try await fixture.cache.remove([removed])
        #expect(await fixture.cache.lookup(fixture.request("Where is parcel number 7 now?")).entry != removed)
        #expect(await fixture.cache.statistics().indexedQuestions == 29)
    }

    @Test func theSpecificOverridesTheGeneral() {
        var configuration = CacheConfiguration()
        configuration.namespaces.threshold = 0.9
        configuration.rules = [
            NamespaceRule("faq/returns") { $0.threshold = 0.7 },
            NamespaceRule("faq/*") {
                $0.threshold = 0.8
                $0.maximumEntries = 5
            },
            NamespaceRule("*") { $0.candidateCount = 3 },
        ]
        let returns = configuration.settings(for: NamespaceID(tenant: "t", name: "faq/returns"))
        #expect(returns.threshold == 0.7)
        #expect(returns.maximumEntries == 5)
        #expect(returns.candidateCount == 3)
        #expect(configuration.settings(for: NamespaceID(name: "other")).threshold == 0.9)
    }
}
