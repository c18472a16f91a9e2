import SemanticCachingTesting
import Testing
import VectorSearch

/// The same checks for every kind of index.
@Suite struct VectorIndexConformanceTests {
    @Test(arguments: VectorIndexConformance.Check.allCases, [8, 100])
    func flatIndexConforms(_ check: VectorIndexConformance.Check, dimension: Int) async throws {
        try await VectorIndexConformance(dimension: dimension) { dimension in
            FlatIndex(dimension: dimension, quantization: .none)
        }.run(check)
    }

    @Test(arguments: VectorIndexConformance.Check.allCases, [8, 100])
    func int8FlatIndexConforms(_ check: VectorIndexConformance.Check, dimension: Int) async throws {
        try await VectorIndexConformance(dimension: dimension) { FlatIndex(dimension: $0, quantization: .int8) }
            .run(check)
    }

    @Test(arguments: VectorIndexConformance.Check.allCases)
    func signBitFlatIndexConforms(_ check: VectorIndexConformance.Check) async throws {
        try await VectorIndexConformance(dimension: 96, recall: 0.9) { dimension in
            FlatIndex(dimension: dimension, quantization: .signBits(candidates: 128))
        }.run(check)
    }

    @Test(arguments: VectorIndexConformance.Check.allCases)
    func hnswIndexConforms(_ check: VectorIndexConformance.Check) async throws {
        try await VectorIndexConformance(dimension: 48, recall: 0.95) { HNSWIndex(dimension: $0) }.run(check)
    }

    /// A threshold so low that every check crosses it, with the background task at work.
    @Test(arguments: VectorIndexConformance.Check.allCases)
    func autoIndexConforms(_ check: VectorIndexConformance.Check) async throws {
        try await VectorIndexConformance(dimension: 48, recall: 0.95) { dimension in
            var configuration = AutoIndexConfiguration()
            configuration.graphThreshold = 100
            configuration.mergeThreshold = 10
            return AutoIndex(dimension: dimension, configuration: configuration)
        }.run(check)
    }
}
