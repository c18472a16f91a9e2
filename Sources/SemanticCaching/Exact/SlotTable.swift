/// A hash table that gives each key a slot and takes it back.
///
///     buckets  [ – | 3 | 0 | – | 1 | – | – | – ]     slot numbers, open addressing, linear probing
///     keys     [ k0 | k1 | · | k3 ]                  indexed by slot; · is free
///     free     [ 2 ]                                 a stack
///
/// Removal shifts the rest of its cluster back instead of leaving tombstones, so lookups stay as short after a year of
/// turnover as on the first day.
package struct SlotTable<Key: SlotKey> {
    private var buckets: [Slot] = []
    package private(set) var keys: [Key] = []
    private var free: [Slot] = []
    package let seed: HashSeed

    package init(seed: HashSeed) { self.seed = seed }

    /// The number of keys.
    package var count: Int { keys.count - free.count }

    /// The number of slots that were ever in use; each slot is below it.
    package var slotCount: Int { keys.count }

    private var mask: Int { buckets.count - 1 }

    private func home(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

    /// The slot of a key whose hash is known; nil if it has none.
    ///
    /// - Complexity: O(1) expected.
    package func find(_ key: Key, hash: UInt64) -> Slot? {
        if buckets.isEmpty { return nil }
        var bucket = home(hash)
        while true {
            let slot = buckets[bucket]
            if slot == .none { return nil }
            if keys[slot.index] == key { return slot }
            bucket = (bucket + 1) & mask
        }
    }

    /// Gives a key that is not in the table a slot.
    ///
    /// - Complexity: O(1) expected, amortised.
    package mutating func insert(_ key: Key, hash: UInt64) -> Slot {
        assert(find(key, hash: hash) == nil, "the key has a slot already")
        // At most three quarters full: beyond that, clusters grow fast.
        if (count + 1) * 4 > buckets.count * 3 { rehash(bucketCount: max(8, buckets.count * 2)) }
        let slot: Slot
        if let reused = free.popLast() {
            slot = reused
            keys[slot.index] = key
        } else {
            precondition(keys.count < Slot.limit, "a table holds at most \(Slot.limit) keys")
            slot = Slot(keys.count)
            keys.append(key)
        }
        place(slot, hash: hash)
        return slot
    }

    /// Takes a slot back from its key.
    ///
    /// - Complexity: O(1) expected.
    package mutating func remove(_ slot: Slot) {
        var hole = home(keys[slot.index].hash(seed: seed))
        while buckets[hole] != slot { hole = (hole + 1) & mask }
        var bucket = hole
        while true {
            bucket = (bucket + 1) & mask
            let next = buckets[bucket]
            if next == .none { break }
            // It may move into the hole unless its home lies behind the hole, on the cyclic way to where it is now.
            let distanceFromHome = (bucket - home(keys[next.index].hash(seed: seed))) & mask
            if distanceFromHome >= (bucket - hole) & mask {
                buckets[hole] = next
                hole = bucket
            }
        }
        buckets[hole] = .none
        free.append(slot)
    }

    /// Forgets all keys and gives the memory back.
    package mutating func removeAll() { self = SlotTable(seed: seed) }

    private mutating func place(_ slot: Slot, hash: UInt64) {
        var bucket = home(hash)
        while buckets[bucket] != .none { bucket = (bucket + 1) & mask }
        buckets[bucket] = slot
    }

    private mutating func rehash(bucketCount: Int) {
        let slots = buckets.filter { $0 != .none }
        buckets = Array(repeating: .none, count: bucketCount)
        for slot in slots { place(slot, hash: keys[slot.index].hash(seed: seed)) }
    }
}
