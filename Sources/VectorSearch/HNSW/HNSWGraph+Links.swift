internal import VectorKernels

/// Mutual links and the two operations on them that keep a level connected.
extension HNSWGraph {
    /// Links two nodes that both have room.
    mutating func link(_ first: UInt32, _ second: UInt32, level: Int) {
        assert(first != second, "no node is its own neighbour")
        append(second, to: first, level: level)
        append(first, to: second, level: level)
    }

    /// Removes the link between two nodes.
    mutating func unlink(_ first: UInt32, _ second: UInt32, level: Int) {
        drop(second, from: first, level: level)
        drop(first, from: second, level: level)
    }

    /// Removes the link to `neighbor` if the two stay connected without it; returns whether it did.
    ///
    /// They do when they have a neighbour in common: every path over the removed link has a detour of two links. Nodes
    /// with few links keep them, so that the far ones do not starve.
    mutating func evict(_ neighbor: UInt32, from slot: UInt32, level: Int) -> Bool {
        let limit = degreeLimit(level: level)
        guard degree(neighbor, level: level) > limit / 4,
            Int8Planes.intersect(list(slot, level: level), list(neighbor, level: level), limit: limit)
        else { return false }
        unlink(slot, neighbor, level: level)
        return true
    }

    /// Puts a node without links into the middle of a link of `neighbor`.
    ///
    /// The way out when everything near is full: it changes no degree, and a path over the link now runs over the node.
    mutating func splice(_ slot: UInt32, next neighbor: UInt32, level: Int) {
        let count = degree(neighbor, level: level)
        if count < degreeLimit(level: level) { return link(slot, neighbor, level: level) }
        let other = list(neighbor, level: level)[count - 1]
        unlink(neighbor, other, level: level)
        link(neighbor, slot, level: level)
        link(other, slot, level: level)
    }

    private mutating func append(_ neighbor: UInt32, to slot: UInt32, level: Int) {
        let count = degree(slot, level: level)
        precondition(count < degreeLimit(level: level), "a full node takes no link")
        list(slot, level: level)[count] = neighbor
        versions[Int(slot)] &+= 1
    }

    private mutating func drop(_ neighbor: UInt32, from slot: UInt32, level: Int) {
        let list = list(slot, level: level)
        let count = degree(slot, level: level)
        var index = 0
        while index < count, list[index] != neighbor { index &+= 1 }
        guard index < count else { return }
        list[index] = list[count - 1]
        list[count - 1] = Int8Planes.endOfList
        versions[Int(slot)] &+= 1
    }
}
