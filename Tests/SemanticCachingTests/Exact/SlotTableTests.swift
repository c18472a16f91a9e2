import SemanticCaching
import SemanticCachingTesting
import Testing

@Suite struct SlotTableTests {
    /// A key that shares its hash with seven eighths of the others, so that clusters are long and wrap around.
    private struct CollidingKey: SlotKey, Hashable {
        let number: Int
        func hash(seed: HashSeed) -> UInt64 { UInt64(number % 8) &* 5 }
    }

    @Test func behavesLikeADictionaryUnderCollisions() {
        var generator = SeededGenerator.announced(seed: 11)
        let seed = HashSeed(using: &generator)
        var table = SlotTable<CollidingKey>(seed: seed)
        var model: [CollidingKey: Slot] = [:]
        for _ in 0..<20_000 {
            let key = CollidingKey(number: Int.random(in: 0..<60, using: &generator))
            let hash = key.hash(seed: seed)
            #expect(table.find(key, hash: hash) == model[key])
            if let slot = model.removeValue(forKey: key) {
                table.remove(slot)
            } else {
                let slot = table.insert(key, hash: hash)
                #expect(!model.values.contains(slot))
                model[key] = slot
            }
            #expect(table.count == model.count)
        }
        for (key, slot) in model { #expect(table.find(key, hash: key.hash(seed: seed)) == slot) }
    }

    @Test func reusesSlotsInsteadOfGrowing() {
        let seed = HashSeed()
        var table = SlotTable<EntryID>(seed: seed)
        for round in 0..<1_000 {
            let slots = (0..<10).map { number in
                let id = EntryID(high: UInt64(round), low: UInt64(number))
                return table.insert(id, hash: id.hash(seed: seed))
            }
            for slot in slots { table.remove(slot) }
        }
        #expect(table.slotCount == 10)
        #expect(table.count == 0)
    }

    /// Requests that were made to collide under one seed are scattered by any other.
    @Test func preparedCollisionsDependOnTheSeed() {
        var generator = SeededGenerator.announced(seed: 12)
        let known = HashSeed(using: &generator)
        let unknown = HashSeed(using: &generator)
        var prepared: [EntryID] = []
        while prepared.count < 200 {
            let id = EntryID(high: generator.next(), low: generator.next())
            if id.hash(seed: known) & 1023 == 0 { prepared.append(id) }
        }
        let places = Set(prepared.map { $0.hash(seed: unknown) & 1023 })
        #expect(places.count > 150)
    }
}
