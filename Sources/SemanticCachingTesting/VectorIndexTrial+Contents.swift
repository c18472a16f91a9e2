internal import VectorSearch

extension VectorIndexTrial {
    func startsEmptyAndSmall() throws {
        var generator = generator
        try expect(index.count == 0, "a new index has \(index.count) entries")
        try expect(index.dimension == dimension, "dimension \(index.dimension)")
        try expect(index.memoryUse.total < 4096, "a new index takes \(index.memoryUse.total) bytes")
        try expect(index.search(randomVector(using: &generator), count: 5).isEmpty, "found something in nothing")
        try expect(!index.contains(id: 0) && index.vector(id: 0) == nil, "holds an entry that was never inserted")
        try expect(!index.remove(id: 0), "removed an entry that was never inserted")
    }

    func keepsWhatWasInserted() throws {
        var generator = generator
        let entries = entries(300, using: &generator)
        var found = 0
        for (number, entry) in entries.enumerated() {
            try index.insert(entry.vector, id: entry.id)
            try expect(index.count == number + 1, "\(index.count) entries after \(number + 1) insertions")
            found += try index.search(entry.vector, count: 1).first?.id == entry.id ? 1 : 0
        }
        try expectRecall(found, of: entries.count, "entries found right after their insertion")
        for entry in entries {
            try expect(index.contains(id: entry.id), "entry \(entry.id) is lost")
            try expect(index.vector(id: entry.id) == entry.vector, "the vector of entry \(entry.id) has changed")
        }
    }

    func refusesBadInput() throws {
        var generator = generator
        let good = randomVector(using: &generator)
        try index.insert(good, id: 1)
        var infinite = good
        infinite[dimension / 2] = .infinity
        var undefined = good
        undefined[0] = .nan
        let zero = [Float](repeating: 0, count: dimension)
        for (vector, error) in [
            (Array(good.dropLast()), VectorIndexError.dimensionMismatch(expected: dimension, actual: dimension - 1)),
            (good + [0], .dimensionMismatch(expected: dimension, actual: dimension + 1)),
            (infinite, .notFinite), (undefined, .notFinite), (zero, .zeroVector),
        ] {
            try expectThrows(error) { try index.insert(vector, id: 2) }
            try expectThrows(error) { _ = try index.search(vector, count: 1) }
        }
        try expectThrows(.duplicateID(1)) { try index.insert(randomVector(using: &generator), id: 1) }
        try expect(index.count == 1 && !index.contains(id: 2), "a refused entry is there")
        try expect(index.vector(id: 1) == good, "a refused entry has replaced another")
    }

    func scalesToUnitLength() throws {
        var generator = generator
        for (id, factor) in [Float(1), 0.01, 250, 1e-20, 1e18].enumerated() {
            let vector = randomVector(using: &generator)
            try index.insert(vector.map { $0 * factor }, id: UInt64(id))
            let stored = index.vector(id: UInt64(id)) ?? []
            try expect(
                zip(stored, vector).allSatisfy { abs($0 - $1) < 1e-5 },
                "a vector of length \(factor) is not stored at unit length"
            )
            let found = try index.search(vector.map { $0 * 3 }, count: 1)
            try expect(
                found.first.map { $0.id == UInt64(id) && abs($0.similarity - 1) < 1e-4 } ?? false,
                "a vector of length \(factor) is not found: \(found)"
            )
        }
    }

    func removes() throws {
        var generator = generator
        let entries = entries(300, using: &generator)
        for entry in entries { try index.insert(entry.vector, id: entry.id) }
        for entry in entries where entry.id % 2 == 0 {
            try expect(index.remove(id: entry.id), "entry \(entry.id) was not there")
            try expect(!index.remove(id: entry.id), "entry \(entry.id) was there twice")
            try expect(!index.contains(id: entry.id), "entry \(entry.id) is there after its removal")
            let found = try index.search(entry.vector, count: 3)
            try expect(!found.contains { $0.id == entry.id }, "entry \(entry.id) is found after its removal")
        }
        try expect(index.count == 150, "\(index.count) entries are left of 150")
        for entry in entries where entry.id % 2 == 0 { try index.insert(entry.vector, id: entry.id) }
        var found = 0
        for entry in entries { found += try index.search(entry.vector, count: 1).first?.id == entry.id ? 1 : 0 }
        try expectRecall(found, of: entries.count, "entries found after half were inserted again")
        for entry in entries { index.remove(id: entry.id) }
        try expect(index.count == 0, "\(index.count) entries are left of none")
        try expect(index.search(entries[0].vector, count: 1).isEmpty, "found something in an emptied index")
    }

    func behavesLikeTheModel() throws {
        var generator = generator
        var model: [UInt64: [Float]] = [:]
        for _ in 0..<1200 {
            let id = UInt64.random(in: 0..<200, using: &generator)
            if Bool.random(using: &generator) || model.count < 20 {
                let vector = randomVector(using: &generator)
                if model[id] == nil {
                    try index.insert(vector, id: id)
                    model[id] = vector
                } else {
                    try expectThrows(.duplicateID(id)) { try index.insert(vector, id: id) }
                }
            } else {
                let wasThere = model.removeValue(forKey: id) != nil
                try expect(index.remove(id: id) == wasThere, "removal of \(id) differs")
            }
            try expect(index.count == model.count, "\(index.count) entries instead of \(model.count)")
        }
        for id in 0..<UInt64(200) {
            try expect(index.vector(id: id) == model[id], "entry \(id) differs")
            try expect(index.contains(id: id) == (model[id] != nil), "presence of entry \(id) differs")
        }
        let everything = try index.search(
            randomVector(using: &generator),
            count: 200,
            options: SearchOptions(effort: 400)
        )
        try expectRecall(everything.count, of: model.count, "entries found by a search for all")
        try expect(everything.allSatisfy { model[$0.id] != nil }, "found an entry that is not there")
    }

    func accountsForMemory() throws {
        var generator = generator
        var last = index.memoryUse.total
        for entry in entries(600, using: &generator) {
            try index.insert(entry.vector, id: entry.id)
            if index.count % 200 == 0 {
                let use = index.memoryUse
                try expect(use.total > last, "memory use does not grow: \(use)")
                let vectorBytes = index.count * dimension * MemoryLayout<Float>.stride
                try expect(use.total >= vectorBytes, "\(use.total) bytes cannot hold \(vectorBytes) bytes of vectors")
                last = use.total
            }
        }
    }
}
