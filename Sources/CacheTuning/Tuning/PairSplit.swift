/// Labelled pairs in two halves: one that a threshold is chosen on, and one that it is measured on.
struct PairSplit {
    /// A pair with the number of the group that it was assigned by.
    typealias Member = (pair: ScoredPair, group: Int)

    let fit: [Member]
    let heldOut: [Member]

    /// Splits pairs by time, each for itself, or else by the connected groups of questions that they make.
    ///
    /// - Throws: ``TuningError/inseparable(smallerHalf:needed:)`` where the groups leave a half fewer pairs than needed.
    init(_ pairs: [ScoredPair], atLeast needed: Int, seed: UInt64) throws(TuningError) {
        let times = pairs.compactMap(\.pair.time)
        if times.count == pairs.count {
            let ordered = pairs.indices.sorted { times[$0] < times[$1] }.map { (pairs[$0], $0) }
            fit = Array(ordered[..<(ordered.count / 2)])
            heldOut = Array(ordered[(ordered.count / 2)...])
            return
        }
        let groups = Self.groups(of: pairs)
        let split = HalfSplit(groups: groups, seed: seed)
        try split.validate(atLeast: needed)
        fit = split.fit.map { (pairs[$0], groups[$0]) }
        heldOut = split.heldOut.map { (pairs[$0], groups[$0]) }
    }

    /// For each pair the group of pairs that it is connected with by questions they share.
    private static func groups(of pairs: [ScoredPair]) -> [Int] {
        var parents = Array(pairs.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        var owners: [String: Int] = [:]
        for (index, scored) in pairs.enumerated() {
            for text in [scored.pair.first, scored.pair.second] {
                if let owner = owners[text] { parents[root(index)] = root(owner) } else { owners[text] = index }
            }
        }
        return pairs.indices.map(root)
    }
}
