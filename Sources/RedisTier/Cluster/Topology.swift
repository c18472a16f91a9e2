/// Which node serves which slot.
struct Topology: Hashable, Sendable {
    /// The primaries; for a server that is no cluster, that one.
    private(set) var primaries: [RedisEndpoint]
    private var numbers: [RedisEndpoint: UInt16] = [:]
    /// For each slot the number of its primary; empty without a cluster.
    private var owners: [UInt16]

    private static let nobody = UInt16.max

    /// A server that is no cluster.
    init(single endpoint: RedisEndpoint) {
        primaries = [endpoint]
        owners = []
    }

    /// Reads the reply to `CLUSTER SLOTS`; nil if it names no node.
    init?(_ reply: RedisValue, saidBy endpoint: RedisEndpoint) {
        guard let ranges = reply.array, !ranges.isEmpty else { return nil }
        primaries = []
        owners = Array(repeating: Self.nobody, count: HashSlot.count)
        for range in ranges {
            guard let parts = range.array, parts.count >= 3, let first = parts[0].integer, let last = parts[1].integer,
                first >= 0, first <= last, last < HashSlot.count, let node = parts[2].array, node.count >= 2,
                let host = node[0].text ?? (node[0] == .null ? "" : nil), let port = node[1].integer,
                let primary = RedisEndpoint(node: "\(host):\(port)", saidBy: endpoint)
            else { return nil }
            guard let number = number(of: primary) else { return nil }
            for slot in Int(first)...Int(last) { owners[slot] = number }
        }
    }

    var isCluster: Bool { !owners.isEmpty }

    /// The number of slots that a primary serves.
    var coveredSlots: Int { owners.count { $0 != Self.nobody } }

    /// The node of a slot, nil if the cluster has none for it; without a slot, or without a cluster, the first.
    func node(of slot: Int?) -> RedisEndpoint? {
        guard let slot, isCluster else { return primaries.first }
        let owner = owners[slot]
        return owner == Self.nobody ? nil : primaries[Int(owner)]
    }

    /// Notes that a slot has moved.
    mutating func move(_ slot: Int, to endpoint: RedisEndpoint) {
        guard isCluster, let number = number(of: endpoint) else { return }
        owners[slot] = number
    }

    /// The number of a primary; nil if there are more of them than there are slots, which no cluster has.
    private mutating func number(of endpoint: RedisEndpoint) -> UInt16? {
        if let known = numbers[endpoint] { return known }
        guard primaries.count < HashSlot.count else { return nil }
        let number = UInt16(primaries.count)
        numbers[endpoint] = number
        primaries.append(endpoint)
        return number
    }
}
