/// Finds nodes that a list names twice, for one list after the other.
///
/// Remembers which list last had a node of each hash; only where a hash comes again in the same list are nodes compared.
struct RecentNodes {
    private static let bits: UInt32 = 10
    /// The list that last had the hash, counted from 1.
    private var lists = [UInt32](repeating: 0, count: 1 << bits)
    private var list: UInt32 = 0

    /// Whether all nodes of a list are different ones; for up to 2³² - 1 lists.
    mutating func areDistinct(_ nodes: UnsafeBufferPointer<UInt32>) -> Bool {
        list += 1
        for (index, node) in nodes.enumerated() {
            let hash = Int((node &* 0x9E37_79B1) >> (32 - Self.bits))
            if lists[hash] == list, nodes[..<index].contains(node) { return false }
            lists[hash] = list
        }
        return true
    }
}
