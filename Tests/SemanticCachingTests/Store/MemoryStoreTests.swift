import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct MemoryStoreTests {
    @Test(arguments: EntryStoreConformance.Check.allCases)
    func conforms(to check: EntryStoreConformance.Check) async throws {
        try await EntryStoreConformance { MemoryStore() }.run(check)
    }
}
