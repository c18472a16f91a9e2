/// Labelled pairs in two halves: one that a threshold is chosen on, and one that it is measured on.
struct PairSplit {
    /// A pair with the number of the group that it was assigned by.
    typealias Member = (pair: ScoredPair, group: Int)

    private(set) var fit: [Member] = []
    private(set) var heldOut: [Member] = []

    /// Splits pairs by time, each for itself, or else by the connected groups of questions that they make.
    init(_ pairs: [ScoredPair], seed: UInt64) {
        let times = pairs.compactMap(\.pair.time)
        if times.count == pairs.count {
            let ordered = pairs.indices.sorted { times[$0] < times[$1] }.map { (pairs[$0], $0) }
            fit = Array(ordered[..<(ordered.count / 2)])
            heldOut = Array(ordered[(ordered.count / 2)...])
            return
        }
        for (pair, group) in zip(pairs, Self.groups(of: pairs)) {
            var generator = SeededGenerator(seed: UInt64(group) &+ seed &* 7_919)
            if generator.next() & 1 == 0 { fit.append((pair, group)) } else { heldOut.append((pair, group)) }
        }
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
