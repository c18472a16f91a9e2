internal import Dispatch
internal import Glibc
internal import Synchronization
internal import VectorKernels

extension HNSWIndex {
    /// Adds many entries on several threads.
    ///
    ///     try index.insert(rows: rows, ids: Array(0..<UInt64(n)))      // rows: n × dimension floats
    ///
    /// Entries are added in batches whose members look for their neighbours at the same time and are linked one after
    /// the other, so that the graph is the same for any number of threads. Searches go on meanwhile.
    ///
    /// - Parameters:
    ///   - rows: unit vectors one after the other, `ids.count` × `dimension` floats.
    ///   - ids: the entries, in the order of their rows.
    ///   - attributes: one per entry, or none.
    ///   - threads: how many threads work; `nil` for one per core.
    /// - Throws: ``VectorIndexError`` for the first vector or id that does not fit; those before it are then present.
    public func insert(
        rows: [Float],
        ids: [UInt64],
        attributes: [VectorAttributes] = [],
        threads: Int? = nil
    ) throws(VectorIndexError) {
        guard rows.count == ids.count * dimension else {
            throw .dimensionMismatch(expected: ids.count * dimension, actual: rows.count)
        }
        precondition(attributes.isEmpty || attributes.count == ids.count, "one set of attributes per entry, or none")
        let workers = Swift.max(1, threads ?? Self.coreCount)
        var start = 0
        while start < ids.count {
            let end = Swift.min(ids.count, start + batchSize)
            try insertBatch(start..<end, rows: rows, ids: ids, attributes: attributes, workers: workers)
            start = end
        }
    }

    /// Grows with the graph: members of a batch find each other only by brute force.
    private var batchSize: Int { Swift.min(Swift.max(count / 16, 1), 256) }

    private static var coreCount: Int {
        let online = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return Swift.max(1, online)
    }

    private func insertBatch(
        _ range: Range<Int>,
        rows: [Float],
        ids: [UInt64],
        attributes: [VectorAttributes],
        workers: Int
    ) throws(VectorIndexError) {
        var slots: [UInt32] = []
        var failure: VectorIndexError?
        for index in range where failure == nil {
            let vector = Array(rows[(index * dimension)..<((index + 1) * dimension)])
            let entry = attributes.isEmpty ? VectorAttributes() : attributes[index]
            do throws(VectorIndexError) {
                slots.append(try reserve(vector, id: ids[index], attributes: entry))
            } catch {
                failure = error
            }
        }
        let plans = plan(slots, workers: workers)
        HNSWScratch.with { scratch in
            for (slot, plan) in zip(slots, plans) {
                graph.write { $0.attach(slot, plan: plan, scratch: scratch) }
            }
        }
        if let failure { throw failure }
    }

    private func reserve(
        _ vector: [Float],
        id: UInt64,
        attributes: VectorAttributes
    ) throws(VectorIndexError) -> UInt32 {
        let scale = try UnitVector.scale(of: vector, dimension: dimension)
        return try HNSWScratch.with { (scratch) throws(VectorIndexError) in
            let unit = scratch.unit.reserve(dimension)
            UnitVector.copy(vector, scale: scale, to: unit)
            graph.read { $0.encode(unit, scratch: scratch) }
            return try graph.write { (graph) throws(VectorIndexError) in
                try graph.reserveSlot(unit: unit, id: id, attributes: attributes, scratch: scratch)
            }
        }
    }

    /// Plans pending slots; each looks at those before it as well.
    private func plan(_ slots: [UInt32], workers: Int) -> [InsertionPlan] {
        // A merge in the background works alone: it needs no thread but its own.
        guard workers > 1 else {
            return HNSWScratch.with { scratch in
                slots.indices.map { index in
                    graph.read { $0.plan(slots[index], batch: slots[..<index], scratch: scratch) }
                }
            }
        }
        let plans = Guarded<[InsertionPlan]>(Array(repeating: InsertionPlan(), count: slots.count))
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: Swift.min(workers, slots.count)) { _ in
            HNSWScratch.with { scratch in
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < slots.count else { return }
                    let plan = graph.read { $0.plan(slots[index], batch: slots[..<index], scratch: scratch) }
                    plans.withLock { $0[index] = plan }
                }
            }
        }
        return plans.withLock { $0 }
    }
}
