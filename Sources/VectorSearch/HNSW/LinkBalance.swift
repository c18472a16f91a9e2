/// Tells whether every link of a graph has its counterpart, in one pass over the lists as they lie.
///
/// Looking into the list of each neighbour would read memory at random, once per link. Instead each link between two nodes
/// counts as a hash of the pair, added where the lower node lists it and taken away where the higher one does: what is
/// left is zero if all links are mutual. The hashes have a secret of their own each time, so that nobody can make a
/// graph whose links happen to cancel out; by chance one in 2⁶⁴ does.
struct LinkBalance {
    private let secret: (UInt64, UInt64)

    init() {
        var random = SystemRandomNumberGenerator()
        secret = (random.next(), random.next() | 1)
    }

    /// What the links of one node on a level add to the balance; lists may be taken in any order.
    func sum(of links: UnsafeBufferPointer<UInt32>, from slot: Int, level: Int) -> UInt64 {
        let own = UInt64(slot)
        var sum: UInt64 = 0
        for link in links {
            let other = UInt64(link)
            if own < other {
                sum &+= hash(own, other, level)
            } else {
                sum &-= hash(other, own, level)
            }
        }
        return sum
    }

    /// A well-mixed function of a pair of nodes on a level, and of the secret.
    private func hash(_ lower: UInt64, _ higher: UInt64, _ level: Int) -> UInt64 {
        HNSWGraph.mix(secret.0 &+ UInt64(level) &* secret.1, lower << 32 | higher)
    }
}
