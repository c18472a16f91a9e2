import Testing

@testable import VectorSearch

/// What happens to a plan when the graph changes before it is carried out, as it does under a flood of removals.
@Suite struct HNSWAttachTests {
    /// All neighbours below the slot's topmost level leave: what links it there must be somebody else, never the slot.
    @Test(arguments: [3, 4] as [UInt64])
    func aSlotThatLostItsNeighboursIsNotItsOwn(seed: UInt64) throws {
        let data = HNSWTestData(count: 900, dimension: 16, queries: 300, seed: seed)
        var configuration = HNSWConfiguration()
        configuration.maximumDegree = 8
        configuration.constructionEffort = 24
        let index = try data.index(configuration)
        var (bereft, bereftTwice, found) = (0, 0, 0)
        for (number, vector) in data.queries.enumerated() {
            let id = 10_000 + UInt64(number)
            let level = try HNSWScratch.with { scratch in
                scratch.unit.reserve(16).update(from: vector, count: 16)
                let unit = scratch.unit.reserve(16)
                index.graph.read { $0.encode(unit, scratch: scratch) }
                let slot = try index.graph.write {
                    try $0.reserveSlot(unit: unit, id: id, attributes: VectorAttributes(), scratch: scratch)
                }
                let plan = index.graph.read { $0.plan(slot, batch: [], scratch: scratch) }
                let level = index.graph.read { Int($0.levels[Int(slot)]) }
                let lower = Set(plan.links.filter { $0.level < level }.map(\.target))
                for id in index.graph.read({ graph in lower.map { graph.ids[Int($0)] } }) { index.remove(id: id) }
                let isLinkedAbove = plan.links.contains { $0.level == level && !lower.contains($0.target) }
                index.graph.write { $0.attach(slot, plan: plan, scratch: scratch) }
                return isLinkedAbove ? level : 0
            }
            if level > 0 {
                bereft += 1
                if level > 1 { bereftTwice += 1 }
                if try index.search(vector, count: 1).first?.id == id { found += 1 }
                try #require(index.violations == [], "seed \(seed), entry \(id) of level \(level)")
            }
        }
        // One link is little: who lost all neighbours but one may be missed now and then.
        #expect(found * 20 >= bereft * 19, "seed \(seed): \(found) of \(bereft)")
        #expect(bereft > 5 && bereftTwice > 0, "seed \(seed): the cases must occur")
        #expect(index.violations == [])
    }

    /// A graph from a file may hold an entry without links; when it goes, the others must not go with it.
    @Test func removingAnEntryWithoutLinksLeavesTheOthers() throws {
        let data = HNSWTestData(count: 300, dimension: 16, seed: 6)
        let index = try data.index()
        let id = index.graph.write { graph in
            let slot = graph.entrySlot
            for level in 0...graph.topLevel {
                while graph.degree(slot, level: level) > 0 {
                    graph.unlink(slot, graph.list(slot, level: level)[0], level: level)
                }
            }
            return graph.ids[Int(slot)]
        }
        let copy = try HNSWIndex(snapshot: index.snapshot())
        #expect(copy.remove(id: id))
        #expect(copy.count == 299)
        let found = try data.vectors.indices.count { row in
            try copy.search(data.vectors[row], count: 1).first?.id == UInt64(row)
        }
        #expect(found >= 290, "\(found) of 299")
        try copy.insert(data.queries[0], id: 1000)
        #expect(try copy.search(data.queries[0], count: 1).first?.id == 1000)
    }
}
