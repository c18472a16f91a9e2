/// Keys in ascending order, made for keys that mostly arrive in that order.
///
/// Removed keys stay until half of all are dead, then they are dropped in one pass: whoever walks the keys skips those
/// whose values are gone.
struct SortedKeys<Key: Comparable & Sendable>: Sendable {
    private var keys: [Key] = []
    private var deadCount = 0

    /// The number of keys that were not removed.
    var count: Int { keys.count - deadCount }

    /// Adds a key that is not there, or was removed.
    ///
    /// - Complexity: O(1) for a key behind all others, else O(*n*) moves of a key's size.
    mutating func insert(_ key: Key) {
        guard let last = keys.last, key <= last else { return keys.append(key) }
        let index = firstIndex { $0 >= key }
        // The key may be there, left behind by its removal: then it lives again.
        if keys[index] == key { deadCount -= 1 } else { keys.insert(key, at: index) }
    }

    /// Notes that a key was removed.
    ///
    /// - Complexity: O(1) amortised.
    mutating func remove(_ key: Key, isAlive: (Key) -> Bool) {
        deadCount += 1
        guard deadCount * 2 > keys.count else { return }
        keys.removeAll { !isAlive($0) }
        deadCount = 0
    }

    /// All keys behind the given one, dead ones included.
    func behind(_ key: Key?) -> ArraySlice<Key> {
        guard let key else { return keys[...] }
        return keys[firstIndex { $0 > key }...]
    }

    private func firstIndex(where isBehind: (Key) -> Bool) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(keys[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
