internal import SemanticCaching

/// Rows in two halves, those of a group in one of them: the one is chosen on, the other measured on.
struct HalfSplit {
    /// The rows to choose on.
    private(set) var fit: [Int] = []
    /// The rows to measure on.
    private(set) var heldOut: [Int] = []

    /// Splits at random, and as evenly as the groups allow.
    ///
    /// - Parameter groups: for each row the group that it belongs to.
    init(groups: [Int], seed: UInt64) {
        var sizes: [Int: Int] = [:]
        for group in groups { sizes[group, default: 0] += 1 }
        var generator = SplitMix64(seed: seed)
        // The largest first: those behind it make up for the difference.
        let order = sizes.sorted { $0.key < $1.key }.shuffled(using: &generator).sorted { $0.value > $1.value }
        var balance = 0
        var fitGroups: Set<Int> = []
        for (group, size) in order {
            let isFit = balance == 0 ? generator.next() & 1 == 0 : balance < 0
            if isFit { fitGroups.insert(group) }
            balance += isFit ? size : -size
        }
        for (row, group) in groups.enumerated() {
            if fitGroups.contains(group) { fit.append(row) } else { heldOut.append(row) }
        }
    }

    /// Refuses halves of which one has too few rows to say anything.
    func validate(atLeast needed: Int) throws(TuningError) {
        let smaller = min(fit.count, heldOut.count)
        guard smaller >= needed else { throw .inseparable(smallerHalf: smaller, needed: needed) }
    }
}
