import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct SettingsUpdateTests {
    private static let namespace = CacheFixture.scope.namespace

    @Test func changesAtTheSameTimeAreBothKept() throws {
        let fixture = try CacheFixture()
        var isFirst = true
        try fixture.cache.updateSettings(of: Self.namespace) { settings in
            settings.threshold = 0.7
            guard isFirst else { return }
            isFirst = false
            // Somebody else's change, between this one's reading and its writing.
            try? fixture.cache.updateSettings(of: Self.namespace) { $0.candidateCount = 9 }
        }
        let settings = fixture.cache.settings(of: Self.namespace)
        #expect(settings.threshold == 0.7)
        #expect(settings.candidateCount == 9)
    }

    @Test func whatANamespaceIsBuiltAroundStays() throws {
        let fixture = try CacheFixture {
            $0.namespaces.maximumErrorRate = 0.05
            $0.namespaces.eviction = .byValue
        }
        try fixture.cache.updateSettings(of: Self.namespace) {
            $0.isShared = true
            $0.eviction = .oldestFirst
            $0.maximumErrorRate = nil
            $0.countsErrorsPerHit = true
            $0.threshold = 0.7
        }
        let settings = fixture.cache.settings(of: Self.namespace)
        #expect(!settings.isShared)
        #expect(settings.eviction == .byValue)
        #expect(settings.maximumErrorRate == 0.05)
        #expect(!settings.countsErrorsPerHit)
        #expect(settings.threshold == 0.7)
    }
}
