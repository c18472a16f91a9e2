import Testing
import VectorKernels
import VectorSearch

/// Int8 codes must not change a single result; sign bits may, seldom.
@Suite struct FlatQuantizationTests {
    @Test(arguments: [2, 16, 50, 384], [1, 4, 32])
    func int8EqualsDoublePrecisionBruteForceOnRandomVectors(dimension: Int, count: Int) throws {
        var random = SeededGenerator(seed: UInt64(dimension * count))
        let vectors = (0..<600).map { _ in random.unitVector(dimension) }
        let queries = (0..<15).map { _ in random.unitVector(dimension) } + vectors.prefix(5)
        try expectExact(vectors: vectors, queries: queries, count: count)
    }

    /// Vectors made to quantise badly, and to lie closer together than any code can tell.
    @Test func int8EqualsDoublePrecisionBruteForceOnAdversarialVectors() throws {
        var random = SeededGenerator(seed: 31)
        let dimension = 64
        var vectors: [[Float]] = []
        // One component owns the scale: everything else rounds to zero.
        for _ in 0..<100 {
            var vector = random.unitVector(dimension).map { $0 * 0.003 }
            vector[Int(random.next() % 64)] = 1
            vectors.append(normalized(vector))
        }
        // A tight bundle: neighbours differ in the last bits of a float.
        let centre = random.unitVector(dimension)
        for _ in 0..<200 {
            vectors.append(normalized(centre.map { $0 + Float.random(in: -1e-6...1e-6, using: &random) }))
        }
        // Every component exactly between two codes, in both directions.
        for sign in [Float(1), -1] {
            for shift in 0..<40 {
                let vector = (0..<dimension).map { Float($0 == shift ? 127 : 64) + 0.5 * sign * ($0 % 2 == 0 ? 1 : -1) }
                vectors.append(normalized(vector))
            }
        }
        // Subnormal tails, exact duplicates and opposites.
        for index in 0..<40 {
            var vector = [Float](repeating: .leastNormalMagnitude / 8, count: dimension)
            vector[index] = 1
            vectors.append(vector)
            vectors.append(vector)
            vectors.append(vector.map { -$0 })
        }
        let queries = stride(from: 0, to: vectors.count, by: 17).map { vectors[$0] } + [centre]
        for count in [1, 3, 10] { try expectExact(vectors: vectors, queries: queries, count: count) }
    }

    @Test func int8StaysExactThroughChurn() throws {
        var random = SeededGenerator(seed: 8)
        let index = FlatIndex(dimension: 40, quantization: .int8)
        var reference = BruteForce()
        for id in 0..<1500 as Range<UInt64> {
            let vector = random.unitVector(40)
            try index.insert(vector, id: id)
            reference.insert(index.vector(id: id) ?? [], id: id)
            if id > 200, let victim = reference.ids.randomElement(using: &random) {
                #expect(index.remove(id: victim))
                let wasThere = reference.remove(id: victim)
                #expect(wasThere)
            }
            if id % 100 == 99 {
                let query = random.unitVector(40)
                #expect(try index.search(query, count: 5) == reference.search(query, count: 5))
            }
        }
    }

    @Test(arguments: [FlatQuantization.none, .int8, .signBits(candidates: 2000)])
    func filtersAndFloorsActInsideTheSearch(quantization: FlatQuantization) throws {
        var random = SeededGenerator(seed: 12)
        let index = FlatIndex(dimension: 24, quantization: quantization)
        var reference = BruteForce()
        for id in 0..<800 as Range<UInt64> {
            let vector = random.unitVector(24)
            let attributes = VectorAttributes(
                label: UInt32(random.next() % 50),
                expiresAt: random.next() % 2 == 0 ? 100 : .max
            )
            try index.insert(vector, id: id, attributes: attributes)
            reference.insert(index.vector(id: id) ?? [], id: id, attributes: attributes)
        }
        for label in [UInt32?.none, 3, 99] {
            for time in [UInt32?.none, 50, 100, .max] {
                for floor in [Float(-1), 0.2, 0.5, 2] {
                    let options = SearchOptions(
                        minimumSimilarity: floor,
                        filter: VectorFilter(label: label, notExpiredAt: time)
                    )
                    let query = random.unitVector(24)
                    #expect(
                        try index.search(query, count: 6, options: options)
                            == reference.search(query, count: 6, options: options)
                    )
                }
            }
        }
    }

    /// Clustered vectors, as embeddings are: the recall that the documentation states has to be there.
    @Test func signBitsFindTheNearestOfClusteredVectors() throws {
        var random = SeededGenerator(seed: 99)
        let centres = (0..<40).map { _ in random.unitVector(128) }
        let vectors = (0..<4000).map { index in
            normalized(zip(centres[index % 40], random.unitVector(128)).map { $0 + 0.8 * $1 })
        }
        let exact = FlatIndex(dimension: 128)
        let approximate = FlatIndex(dimension: 128, quantization: .signBits(candidates: 256))
        for (id, vector) in vectors.enumerated() {
            try exact.insert(vector, id: UInt64(id))
            try approximate.insert(vector, id: UInt64(id))
        }
        var found = 0
        for index in 0..<200 {
            let query = normalized(zip(vectors[index * 20], random.unitVector(128)).map { $0 + 0.5 * $1 })
            let best = try exact.search(query, count: 1)
            found += try approximate.search(query, count: 1) == best ? 1 : 0
        }
        #expect(found >= 199, "recall@1 \(Double(found) / 200)")
    }

    private func expectExact(vectors: [[Float]], queries: [[Float]], count: Int) throws {
        let index = FlatIndex(dimension: vectors[0].count, quantization: .int8)
        var reference = BruteForce()
        for (id, vector) in vectors.enumerated() {
            try index.insert(vector, id: UInt64(id))
            reference.insert(index.vector(id: UInt64(id)) ?? [], id: UInt64(id))
        }
        for query in queries {
            #expect(try index.search(query, count: count) == reference.search(query, count: count))
        }
    }

    private func normalized(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return vector.map { Float(Double($0) / length) }
    }

    /// Codes exist for all rows or for none, also where an index shrinks below the size from which they are made.
    @Test(arguments: [FlatQuantization.int8, .signBits(candidates: 60)])
    func codesFollowTheirRowsAcrossTheThreshold(quantization: FlatQuantization) throws {
        var random = SeededGenerator(seed: 31)
        let index = FlatIndex(dimension: 64, quantization: quantization)
        var reference = BruteForce()
        var next: UInt64 = 0
        func grow(to count: Int) throws {
            while index.count < count {
                let vector = random.unitVector(64)
                try index.insert(vector, id: next)
                reference.insert(index.vector(id: next) ?? [], id: next)
                next += 1
            }
        }
        func remove(_ ids: some Sequence<UInt64>) {
            for id in ids { #expect(index.remove(id: id) == reference.remove(id: id)) }
        }
        try grow(to: 200)
        remove(100..<200)
        try grow(to: 110)
        remove(0..<10)
        try grow(to: 300)
        for id in reference.ids {
            let vector = try #require(index.vector(id: id))
            #expect(try index.search(vector, count: 1).first?.id == id)
        }
    }
}
