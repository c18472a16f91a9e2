internal import Glibc
internal import VectorKernels

extension HNSWGraph {
    /// Encodes a unit vector into scratch memory; needs no lock, since it reads only what never changes.
    func encode(_ unit: UnsafePointer<Float>, scratch: HNSWScratch) {
        let rotated = scratch.rotated.reserve(dimension)
        rotated.update(from: unit, count: dimension)
        signs.withUnsafeBufferPointer { signs in
            if let first = signs.baseAddress { Int8Planes.rotate(rotated, dimension: dimension, signs: first) }
        }
        Int8Planes.encode(
            rotated,
            dimension: dimension,
            inverseStep: 1 / step,
            high: scratch.high.reserve(blocks * 64),
            low: scratch.low.reserve(blocks * 64)
        )
    }

    /// Takes a slot for an encoded vector; it stays pending, and out of sight, until it is attached.
    ///
    /// - Throws: ``VectorIndexError/duplicateID(_:)``.
    mutating func reserveSlot(
        unit: UnsafePointer<Float>,
        id: UInt64,
        attributes entry: VectorAttributes,
        scratch: HNSWScratch
    ) throws(VectorIndexError) -> UInt32 {
        guard slotOfID[id] == nil else { throw .duplicateID(id) }
        let slot = freeSlots.popLast() ?? appendSlot()
        let index = Int(slot)
        let bytes = blocks * 64
        (high.base + index * bytes).update(from: scratch.high.reserve(bytes), count: bytes)
        (low.base + index * bytes).update(from: scratch.low.reserve(bytes), count: bytes)
        rows.row(index).update(from: unit, count: dimension)
        list(slot, level: 0).update(repeating: Int8Planes.endOfList, count: links.stride)
        ids[index] = id
        stamps[index] = nextStamp
        versions[index] &+= 1
        attributes[index] = entry
        states[index] = .pending
        slotOfID[id] = slot
        takeLevels(slot, count: randomLevel(nextStamp))
        nextStamp += 1
        return slot
    }

    /// Gives a slot back; nothing may link to it.
    mutating func releaseSlot(_ slot: UInt32) {
        let index = Int(slot)
        slotOfID[ids[index]] = nil
        states[index] = .free
        versions[index] &+= 1
        let level = Int(levels[index])
        if level > 0 { freeRuns[level].append(upperStart[index]) }
        levels[index] = 0
        freeSlots.append(slot)
    }

    /// The topmost level of the n-th entry: geometric with ratio 1 / M, from the seed.
    private func randomLevel(_ number: UInt64) -> Int {
        let uniform = (Double(Self.mix(configuration.seed, number) >> 11) + 1) * 0x1p-53
        let level = -log(uniform) / log(Double(configuration.maximumDegree))
        return Swift.min(Int(level), Self.levelLimit)
    }

    private mutating func appendSlot() -> UInt32 {
        let index = slotCount
        precondition(index < Self.slotLimit, "a graph holds at most 2^31 entries")
        high.reserve(rows: index + 1)
        low.reserve(rows: index + 1)
        links.reserve(rows: index + 1)
        rows.reserve(rows: index + 1)
        ids.append(0)
        stamps.append(0)
        versions.append(0)
        attributes.append(VectorAttributes())
        states.append(.free)
        levels.append(0)
        upperStart.append(0)
        return UInt32(index)
    }

    private mutating func takeLevels(_ slot: UInt32, count: Int) {
        levels[Int(slot)] = UInt8(count)
        guard count > 0 else { return }
        let start = takeRun(count)
        upperStart[Int(slot)] = start
        upperLinks.row(Int(start)).update(repeating: Int8Planes.endOfList, count: count * upperLinks.stride)
    }

    /// Takes upper rows that lie beside each other: a free run, the rest of which stays free if it is longer, or new ones.
    ///
    /// After a snapshot, rows that several entries left are one run.
    private mutating func takeRun(_ count: Int) -> UInt32 {
        for length in count...Self.levelLimit {
            guard let run = freeRuns[length].popLast() else { continue }
            if length > count { freeRuns[length - count].append(run + UInt32(count)) }
            return run
        }
        upperCount += count
        upperLinks.reserve(rows: upperCount)
        return UInt32(upperCount - count)
    }
}
