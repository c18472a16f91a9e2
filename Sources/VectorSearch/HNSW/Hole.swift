/// The former neighbours of a removed node while links are made among them.
///
/// At most 64 members, so that a set of them is one word.
struct Hole {
    /// Two members by index, ordered by their score: a greater pair is a closer one.
    ///
    /// One word, because there are a
    /// thousand to sort.
    struct Pair: Comparable {
        private let key: UInt64

        init(score: Int32, _ first: Int, _ second: Int) {
            key = UInt64(UInt32(bitPattern: score) ^ 1 << 31) << 32 | UInt64(~UInt32(first << 8 | second))
        }

        var members: (Int, Int) {
            let both = ~UInt32(truncatingIfNeeded: key)
            return (Int(both >> 8), Int(both & 255))
        }

        static func < (left: Pair, right: Pair) -> Bool { left.key < right.key }
    }

    let members: [UInt32]
    /// All pairs; best first after ``sort()``.
    private(set) var pairs: [Pair] = []

    private var scores: [Int32]
    private var linked: [UInt64]
    private var lacking: UInt64
    private var parents: [Int]
    private var partCount: Int

    init(_ members: [UInt32]) {
        precondition(members.count <= 64, "a node has at most 64 neighbours")
        self.members = members
        scores = Array(repeating: 0, count: members.count * members.count)
        linked = Array(repeating: 0, count: members.count)
        lacking = members.count == 64 ? .max : (1 << UInt64(members.count)) - 1
        parents = Array(members.indices)
        partCount = members.count
        pairs.reserveCapacity(members.count * (members.count - 1) / 2)
    }

    /// Whether all members are connected over links among them.
    var isWhole: Bool { partCount == 1 }

    /// Whether a member has not got a link back.
    func lacksLink(_ member: Int) -> Bool { lacking & 1 << UInt64(member) != 0 }

    func areLinked(_ first: Int, _ second: Int) -> Bool { linked[first] & 1 << UInt64(second) != 0 }

    /// The part that a member is in.
    mutating func part(_ member: Int) -> Int {
        var root = member
        while parents[root] != root {
            parents[root] = parents[parents[root]]
            root = parents[root]
        }
        return root
    }

    /// Whether some neighbour of one of two members is closer to both than they are to each other.
    func isRedundant(_ first: Int, _ second: Int) -> Bool {
        let score = scores[first * members.count + second]
        var between = linked[first] | linked[second]
        while between != 0 {
            let middle = between.trailingZeroBitCount
            between &= between - 1
            let isCloser =
                scores[first * members.count + middle] > score
                && scores[second * members.count + middle] > score
            if isCloser { return true }
        }
        return false
    }

    /// Notes a pair.
    mutating func note(_ first: Int, _ second: Int, score: Int32, isLinked: Bool) {
        pairs.append(Pair(score: score, first, second))
        scores[first * members.count + second] = score
        scores[second * members.count + first] = score
        if isLinked { join(first, second) }
    }

    /// Orders the pairs, best first.
    mutating func sort() {
        pairs.sort(by: >)
    }

    /// Notes a new link between two members.
    mutating func didLink(_ first: Int, _ second: Int) {
        join(first, second)
        lacking &= ~(1 << UInt64(first) | 1 << UInt64(second))
    }

    private mutating func join(_ first: Int, _ second: Int) {
        linked[first] |= 1 << UInt64(second)
        linked[second] |= 1 << UInt64(first)
        let (one, other) = (part(first), part(second))
        guard one != other else { return }
        parents[one] = other
        partCount -= 1
    }
}
