/// Estimates how often each key was used of late, in 8 bytes for each key that is resident.
///
/// A count-min sketch (Cormode and Muthukrishnan, doi 10.1016/j.jalgor.2003.12.001) of 4-bit counters, halved whenever
/// ten times as many uses were counted as there are words: the aging of TinyLFU (doi 10.1145/3149371).
///
///     words   [ block 0 . . . . . . . | block 1 . . . . . . . | … ]     8 words: one cache line
///     block   [ row 0 | row 0 | row 1 | row 1 | row 2 | row 2 | row 3 | row 3 ]
///     word    [ 16 counters of 4 bits ]
///
/// A key has one block and one counter in each of its four rows; its frequency is the least of the four.
package struct FrequencySketch: Sendable {
    /// The greatest frequency that a counter holds.
    package static let maximumFrequency = 15

    private static let wordsPerBlock = 8
    private static let lowBits: UInt64 = 0x1111_1111_1111_1111
    private static let halvedMask: UInt64 = 0x7777_7777_7777_7777

    private var words: [UInt64] = []
    private var additions = 0

    /// Creates a sketch that tells nothing apart yet.
    package init() {}

    /// The number of keys that the sketch tells apart well.
    package var capacity: Int { words.count }

    /// Makes room for this many resident keys; estimates stay as they are.
    ///
    /// - Complexity: O(*n*) when the sketch doubles, so O(1) amortised.
    package mutating func reserve(_ count: Int) {
        guard count > words.count else { return }
        if words.isEmpty { words = Array(repeating: 0, count: Self.wordsPerBlock) }
        // The block is chosen by the low bits of the hash: with one more bit, a key is in its old block or in the
        // copy of it.
        while words.count < count { words += words }
    }

    /// Counts one use of the key with this hash.
    package mutating func increment(_ hash: UInt32) {
        guard !words.isEmpty else { return }
        let block = firstWord(of: hash)
        var places = Self.mixed(hash)
        var isAdded = false
        for row in 0..<4 {
            let word = block + row * 2 + Int(places & 1)
            let shift = UInt64((places >> 1) & 15) << 2
            if (words[word] >> shift) & 15 < 15 {
                words[word] &+= 1 << shift
                isAdded = true
            }
            places >>= 8
        }
        guard isAdded else { return }
        additions += 1
        if additions >= 10 * words.count { age() }
    }

    /// How often the key with this hash was used of late, from 0 to 15; rarely too high, too low only by aging.
    package func frequency(_ hash: UInt32) -> Int {
        guard !words.isEmpty else { return 0 }
        let block = firstWord(of: hash)
        var places = Self.mixed(hash)
        var least: UInt64 = 15
        for row in 0..<4 {
            let word = block + row * 2 + Int(places & 1)
            least = min(least, (words[word] >> (UInt64((places >> 1) & 15) << 2)) & 15)
            places >>= 8
        }
        return Int(least)
    }

    /// Halves every counter.
    private mutating func age() {
        var odd = 0
        for index in words.indices {
            odd += (words[index] & Self.lowBits).nonzeroBitCount
            words[index] = (words[index] >> 1) & Self.halvedMask
        }
        // Each use was counted in four rows; the halves that were rounded away are no longer in the sum.
        additions = (additions - odd >> 2) >> 1
    }

    private func firstWord(of hash: UInt32) -> Int {
        (Int(hash) & (words.count / Self.wordsPerBlock - 1)) * Self.wordsPerBlock
    }

    /// The finaliser of MurmurHash3, so that counters do not depend on the bits that chose the block.
    private static func mixed(_ hash: UInt32) -> UInt32 {
        var mixed = hash
        mixed = (mixed ^ (mixed >> 16)) &* 0x85EB_CA6B
        mixed = (mixed ^ (mixed >> 13)) &* 0xC2B2_AE35
        return mixed ^ (mixed >> 16)
    }
}
