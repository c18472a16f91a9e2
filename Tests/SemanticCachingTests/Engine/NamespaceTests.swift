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
