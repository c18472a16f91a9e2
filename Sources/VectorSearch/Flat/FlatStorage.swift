internal import VectorKernels

/// The entries of a flat index: dense parallel columns, one slot per entry.
///
/// ```
///   slot        0        1        2        3 = count - 1
///   rows      │ vector │ vector │ vector │ vector │            VectorSlab
///   ids       │ id     │ …                        │
///   sequence  │ n-th insertion, for ties          │
///   attributes│ label, expiry                     │
///   codes     │ int8 codes or sign bits, once the index is large enough for them; projected codes, if asked for
/// ```
///
/// There are no holes: removal moves the last entry into the freed slot, so a scan never looks at the dead, and the
/// slot at the end is used again by the next insertion.
struct FlatStorage: ~Copyable {
    private(set) var rows: VectorSlab
    private(set) var ids: [UInt64] = []
    private(set) var sequence: [UInt64] = []
    private(set) var attributes: [VectorAttributes] = []
    private(set) var int8: Int8Codes
    private(set) var signs: SignCodes
    private(set) var projection = ProjectedCodes()
    let quantization: FlatQuantization
    private var slots: [UInt64: UInt32] = [:]
    private var nextSequence: UInt64 = 0

    /// Entries from which codes are made; before, the float32 rows fit the nearest cache and codes gain nothing.
    static var quantizationThreshold: Int { 128 }

    init(dimension: Int, quantization: FlatQuantization) {
        rows = VectorSlab(width: dimension)
        int8 = Int8Codes(dimension: dimension)
        signs = SignCodes(dimension: dimension)
        self.quantization = quantization
    }

    var dimension: Int { rows.width }
    var count: Int { ids.count }

    func contains(_ id: UInt64) -> Bool { slots[id] != nil }

    func slot(of id: UInt64) -> Int? { slots[id].map(Int.init) }

    /// Appends an entry; `scale` brings `vector` to unit length.
    mutating func append(
        _ vector: [Float],
        scale: Float,
        id: UInt64,
        attributes entry: VectorAttributes
    ) throws(VectorIndexError) {
        guard slots[id] == nil else { throw .duplicateID(id) }
        let slot = count
        rows.reserve(rows: slot + 1)
        UnitVector.copy(vector, scale: scale, to: rows.row(slot))
        ids.append(id)
        sequence.append(nextSequence)
        attributes.append(entry)
        slots[id] = UInt32(slot)
        nextSequence += 1
        if count >= Self.quantizationThreshold || hasCodes { encodeNewRows() }
    }

    /// Takes over the columns of a snapshot, which the caller has checked; rows are `dimension` floats each.
    mutating func restore(
        rows content: UnsafeRawBufferPointer,
        ids: [UInt64],
        sequence: [UInt64],
        attributes: [VectorAttributes],
        slots: [UInt64: UInt32]
    ) {
        precondition(count == 0, "a snapshot is restored into an empty index")
        let rowBytes = dimension * MemoryLayout<Float>.stride
        rows.reserve(rows: ids.count)
        for slot in ids.indices {
            let source = UnsafeRawBufferPointer(rebasing: content[(slot * rowBytes)..<((slot + 1) * rowBytes)])
            UnsafeMutableRawBufferPointer(start: rows.row(slot), count: rowBytes).copyMemory(from: source)
        }
        self.ids = ids
        self.sequence = sequence
        self.attributes = attributes
        self.slots = slots
        nextSequence = (sequence.max() ?? 0) + (sequence.isEmpty ? 0 : 1)
        if count >= Self.quantizationThreshold { encodeNewRows() }
    }

    /// Removes an entry by moving the last one into its slot.
    mutating func remove(_ id: UInt64) -> Bool {
        guard let freed = slots.removeValue(forKey: id).map(Int.init) else { return false }
        let last = count - 1
        if freed != last {
            rows.row(freed).update(from: rows.row(last), count: dimension)
            ids[freed] = ids[last]
            sequence[freed] = sequence[last]
            attributes[freed] = attributes[last]
            slots[ids[freed]] = UInt32(freed)
        }
        if freed < int8.count { int8.removeBySwap(freed) }
        if freed < signs.count { signs.removeBySwap(freed) }
        if freed < projection.count { projection.removeBySwap(freed) }
        ids.removeLast()
        sequence.removeLast()
        attributes.removeLast()
        if ids.isEmpty { rows.removeAll() }
        return true
    }

    /// Whether new rows must be encoded at once: codes exist for all rows or for none, since a removal moves both.
    private var hasCodes: Bool { int8.count + signs.count > 0 || projection.components != nil }

    /// Brings the codes up to the rows.
    private mutating func encodeNewRows() {
        switch quantization {
        case .none: break
        case .int8: while int8.count < count { int8.append(rows.row(int8.count)) }
        case .signBits: while signs.count < count { signs.append(rows.row(signs.count)) }
        }
        projectNewRows()
    }

    /// Projects all rows on these components, and from now on those that come.
    mutating func project(on components: PrincipalComponents, candidates: Int) {
        projection = ProjectedCodes(components: components, candidates: candidates)
        projectNewRows()
    }

    mutating func dropProjection() { projection = ProjectedCodes() }

    private mutating func projectNewRows() {
        guard projection.components != nil else { return }
        while projection.count < count { projection.append(rows.row(projection.count)) }
    }

    var memoryUse: IndexMemoryUse {
        // A dictionary keeps one key and value per bucket and a bit per bucket beside them.
        let buckets = slots.capacity == 0 ? 0 : slots.capacity * 4 / 3
        let perBucket = MemoryLayout<UInt64>.stride + MemoryLayout<UInt32>.stride
        return IndexMemoryUse(
            vectors: rows.bytes(forRows: count),
            codes: int8.memoryUse + signs.memoryUse + projection.memoryUse,
            bookkeeping: ids.capacity * 8 + sequence.capacity * 8
                + attributes.capacity * MemoryLayout<VectorAttributes>.stride
                + buckets * perBucket + buckets / 8
        )
    }
}
