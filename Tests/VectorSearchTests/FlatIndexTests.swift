import Testing
import VectorKernels
import VectorSearch

@Suite struct FlatIndexTests {
    @Test(arguments: [1, 2, 3, 7, 16, 33, 100, 384], [RowKernel.blas, .vector])
    func equalsDoublePrecisionBruteForceOnRandomVectors(dimension: Int, kernel: RowKernel) throws {
        var random = SeededGenerator(seed: UInt64(dimension))
        let index = FlatIndex(dimension: dimension, quantization: .none, kernel: kernel)
        var reference = BruteForce()
        for id in 0..<700 as Range<UInt64> {
            let vector = random.unitVector(dimension)
            try index.insert(vector, id: id)
            reference.insert(index.vector(id: id) ?? [], id: id)
        }
        for _ in 0..<20 {
            let query = random.unitVector(dimension)
            for count in [1, 4, 10, 700, 800] {
                #expect(try index.search(query, count: count) == reference.search(query, count: count))
            }
        }
    }

    @Test(arguments: [RowKernel.blas, .vector])
    func ordersTiedVectorsByInsertionAlsoAfterRemovals(kernel: RowKernel) throws {
        var random = SeededGenerator(seed: 5)
        let distinct = (0..<5).map { _ in random.unitVector(48) }
        let index = FlatIndex(dimension: 48, quantization: .none, kernel: kernel)
        var reference = BruteForce()
        for id in 0..<400 as Range<UInt64> {
            let vector = distinct[Int(random.next() % 5)]
            try index.insert(vector, id: id)
            reference.insert(vector, id: id)
            if id.isMultiple(of: 3) {
                let victim = random.next() % (id + 1)
                let wasThere = reference.remove(id: victim)
                #expect(index.remove(id: victim) == wasThere)
            }
        }
        #expect(index.count == reference.count)
        for query in distinct {
            for count in [1, 3, 50, 400] {
                #expect(try index.search(query, count: count) == reference.search(query, count: count))
            }
        }
    }

    @Test func refusesWhatIsNoVectorOfItsDimension() throws {
        let index = FlatIndex(dimension: 3)
        #expect(throws: VectorIndexError.dimensionMismatch(expected: 3, actual: 2)) { try index.insert([1, 0], id: 1) }
        #expect(throws: VectorIndexError.notFinite) { try index.insert([1, .nan, 0], id: 1) }
        #expect(throws: VectorIndexError.notFinite) { try index.insert([1, .infinity, 0], id: 1) }
        #expect(throws: VectorIndexError.zeroVector) { try index.insert([0, 0, 0], id: 1) }
        #expect(throws: VectorIndexError.zeroVector) { try index.search([0, 0, 0], count: 1) }
        try index.insert([1, 0, 0], id: 1)
        #expect(throws: VectorIndexError.duplicateID(1)) { try index.insert([0, 1, 0], id: 1) }
        #expect(index.count == 1)
        #expect(index.vector(id: 1) == [1, 0, 0])
    }
}
