import Testing

@testable import RedisTier

/// What a cluster says of itself.
@Suite struct TopologyTests {
    private static let first = RedisEndpoint.tcp(host: "first", port: 1)

    private func range(_ slots: ClosedRange<Int64>, port: Int64) -> RedisValue {
        .array([.integer(slots.lowerBound), .integer(slots.upperBound), .array([.status("node"), .integer(port)])])
    }

    @Test func slotsBelongToTheNodesThatAreNamed() throws {
        let reply = RedisValue.array([range(0...9, port: 1), range(10...20, port: 2)])
        var topology = try #require(Topology(reply, saidBy: Self.first))
        #expect(topology.node(of: 9) == .tcp(host: "node", port: 1))
        #expect(topology.node(of: 10) == .tcp(host: "node", port: 2))
        #expect(topology.node(of: 21) == nil)
        #expect(topology.coveredSlots == 21)
        topology.move(9, to: Self.first)
        #expect(topology.node(of: 9) == Self.first)
    }

    /// More primaries than slots are no cluster; their numbers once overflowed.
    @Test func moreNodesThanSlotsAreRefused() throws {
        let full = (1...Int64(HashSlot.count)).map { range(0...0, port: $0) }
        var topology = try #require(Topology(.array(full), saidBy: Self.first))
        #expect(topology.primaries.count == HashSlot.count)
        topology.move(5, to: Self.first)
        #expect(topology.node(of: 5) == nil, "one more node than there can be is not noted")
        #expect(Topology(.array(full + [range(0...0, port: 20_000)]), saidBy: Self.first) == nil)
    }
}
