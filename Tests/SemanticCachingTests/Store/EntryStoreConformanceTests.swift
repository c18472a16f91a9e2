import SemanticCachingTesting
import Testing

/// The suite itself is tested: a store with a fault must not pass it.
@Suite struct EntryStoreConformanceTests {
    @Test(arguments: FaultyStore.Fault.allCases)
    func findsAFault(_ fault: FaultyStore.Fault) async throws {
        let conformance = EntryStoreConformance(seed: 7) { FaultyStore(fault) }
        var failures: [EntryStoreConformance.Check] = []
        for check in EntryStoreConformance.Check.allCases {
            do { try await conformance.run(check) } catch is ConformanceFailure { failures.append(check) }
        }
        #expect(!failures.isEmpty, "no check finds a store that \(fault.rawValue)")
    }

    @Test func namesCheckAndSeed() async throws {
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await EntryStoreConformance(seed: 42) { FaultyStore(.ignoresTags) }.run(.filters)
        }
        #expect(failure?.check == "filters" && failure?.seed == 42)
        #expect(failure?.description.contains("seed 42") == true)
    }
}
