/// A hash table that gives each key a slot and takes it back.
///
///     buckets  [ – | 3 | 0 | – | 1 | – | – | – ]     slot number and 32 bits of hash; open addressing, linear probing
///     keys     [ k0 | k1 | · | k3 ]                  indexed by slot; · is free
///     free     [ 2 ]                                 a stack
///
/// The hash bits beside the slot numbers spare the table all looks at keys but the one it searches for. Removal shifts
/// the rest of its cluster back instead of leaving tombstones, so lookups stay as short after a year of
/// turnover as on the first day.
package struct SlotTable<Key: SlotKey> {
    private struct Bucket {
        var slot = Slot.none
        var tag: UInt32 = 0
    }

    private var buckets: [Bucket] = []
    package private(set) var keys: [Key] = []
    private var free: [Slot] = []
    package let seed: HashSeed

    package init(seed: HashSeed) { self.seed = seed }

    /// The number of keys.
    package var count: Int { keys.count - free.count }

    /// The number of slots that were ever in use; each slot is below it.
    package var slotCount: Int { keys.count }

    private var mask: Int { buckets.count - 1 }

    private func home(_ tag: UInt32) -> Int { Int(tag) & mask }

    /// The slot of a key whose hash is known; nil if it has none.
    ///
    /// - Complexity: O(1) expected.
    package func find(_ key: Key, hash: UInt64) -> Slot? {
        if buckets.isEmpty { return nil }
        let tag = UInt32(truncatingIfNeeded: hash)
        var place = home(tag)
        while true {
            let bucket = buckets[place]
            if bucket.slot == .none { return nil }
            if bucket.tag == tag, keys[bucket.slot.index] == key { return bucket.slot }
            place = (place + 1) & mask
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
        put(Bucket(slot: slot, tag: UInt32(truncatingIfNeeded: hash)))
        return slot
    }

    /// Takes a slot back from its key.
    ///
    /// - Complexity: O(1) expected.
    package mutating func remove(_ slot: Slot) {
        var hole = home(UInt32(truncatingIfNeeded: keys[slot.index].hash(seed: seed)))
        while buckets[hole].slot != slot { hole = (hole + 1) & mask }
        var place = hole
        while true {
            place = (place + 1) & mask
            let next = buckets[place]
            if next.slot == .none { break }
            // It may move into the hole unless its home lies behind the hole, on the cyclic way to where it is now.
            if (place - home(next.tag)) & mask >= (place - hole) & mask {
                buckets[hole] = next
                hole = place
            }
        }
        buckets[hole] = Bucket()
        free.append(slot)
    }

    /// Forgets all keys and gives the memory back.
    package mutating func removeAll() { self = SlotTable(seed: seed) }

    private mutating func put(_ bucket: Bucket) {
        var place = home(bucket.tag)
        while buckets[place].slot != .none { place = (place + 1) & mask }
        buckets[place] = bucket
    }

    private mutating func rehash(bucketCount: Int) {
        let old = buckets
        buckets = Array(repeating: Bucket(), count: bucketCount)
        for bucket in old where bucket.slot != .none { put(bucket) }
    }
}
