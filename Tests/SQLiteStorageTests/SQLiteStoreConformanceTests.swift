import SQLiteStorage
import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct SQLiteStoreConformanceTests {
    @Test(arguments: EntryStoreConformance.Check.allCases)
    func conforms(to check: EntryStoreConformance.Check) async throws {
        let directory = TemporaryDirectory()
        try await conformance(in: directory, options: SQLiteStoreOptions()).run(check)
    }

    @Test(arguments: EntryStoreConformance.Check.allCases)
    func conformsEncrypted(to check: EntryStoreConformance.Check) async throws {
        let directory = TemporaryDirectory()
        var options = SQLiteStoreOptions()
        options.encryptionKey = .random()
        try await conformance(in: directory, options: options).run(check)
    }

    private func conformance(in directory: TemporaryDirectory, options: SQLiteStoreOptions) -> EntryStoreConformance {
        let path = directory.path
        return EntryStoreConformance(
            reopen: { store in
                try await store.close()
                return try await SQLiteStore.open(at: path, options: options)
            },
            makeStore: { try await SQLiteStore.open(at: path, options: options) }
        )
    }
}
