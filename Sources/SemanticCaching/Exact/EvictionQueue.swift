/// Decides which answers of a namespace expire and which go when a limit is reached; a pure value, kept by the engine.
///
///     var queue = EvictionQueue(policy: .tinyLFU)
///     queue.insert(entry.id, bytes: 2_048, expiresAt: entry.expiresAt, now: now)
///     queue.touch(entry.id)
///     let gone = queue.popExpired(now: now, limit: 256) + queue.popOverflow(limits, limit: 256)
///     try await store.remove(gone)
///
/// What is popped is forgotten here; the engine removes it from the store. Each operation is O(1) amortised. An
/// entry takes 60 bytes and its share of the table and of room to grow: about 90 bytes with 100,000 of them, 15 more with
/// W-TinyLFU or by value.
///
/// For a limit over all namespaces, take the queue whose ``weakest(now:)`` scores lowest, ``popWeakest(bytes:limit:)``
/// a batch of it, and go on until the limit holds. With very many namespaces, comparing a few at random is as good.
package struct EvictionQueue: Sendable {
    /// The answer that goes next, if one must.
    package struct Candidate: Hashable, Sendable {
        /// The answer.
        package let id: EntryID
        /// What it occupies.
        package let bytes: Int
        /// Its hits for each byte and second since it was made: comparable across queues of any policy.
        ///
        /// The priority of hyperbolic caching (Blankstein, Sen, Freedman: "Hyperbolic Caching", USENIX ATC 2017).
        package let score: Double
    }

    private var table: SlotTable<EntryID>
    private var order: EvictionOrder
    private var wheel = TimerWheel()

    /// Creates an empty queue.
    ///
    /// Leave the seed random outside tests.
    package init(policy: EvictionPolicy, seed: HashSeed = HashSeed()) {
        table = SlotTable(seed: seed)
        order = EvictionOrder(policy: policy, jitterSeed: seed.hash(0, 0))
    }

    /// What goes first when a limit is reached.
    package var policy: EvictionPolicy { order.policy }

    /// The number of answers.
    package var count: Int { order.count }

    /// What the answers occupy; one of 4 GiB or more counts as 4 GiB.
    package var bytes: Int { order.bytes }

    /// Whether the answer is in the queue.
    package func contains(_ id: EntryID) -> Bool { find(id) != nil }

    /// When the answer expires; nil for never, or if it is not in the queue.
    package func expiry(of id: EntryID) -> Timestamp? { find(id).flatMap { wheel.deadline(of: $0) } }

    /// Adds an answer, or renews one that is in the queue already.
    ///
    /// - Parameters:
    ///   - bytes: What it occupies with all its questions.
    ///   - expiresAt: When it expires; nil for never. One that has expired already is what ``popExpired(now:limit:)``
    ///     gives next.
    ///   - saving: What one hit saves: seconds or dollars, the same for all answers of the queue.
    ///   - hits: How often it was used before, when a queue is filled from a store.
    package mutating func insert(
        _ id: EntryID,
        bytes: Int,
        expiresAt: Timestamp?,
        saving: Float = 1,
        hits: Int = 0,
        now: Timestamp
    ) {
        let hash = id.hash(seed: table.seed)
        let slot: Slot
        if let known = table.find(id, hash: hash) {
            slot = known
            order.replace(slot, bytes: bytes, saving: saving)
        } else {
            slot = table.insert(id, hash: hash)
            order.insert(slot, hash: hash, bytes: bytes, saving: saving, hits: hits)
        }
        wheel.schedule(slot, at: expiresAt, now: now)
    }

    /// Notes a hit; an answer that is not in the queue is none of its business.
    ///
    /// - Parameter expiresAt: With a sliding time to live, when the answer now expires; never moves it forward.
    package mutating func touch(_ id: EntryID, expiresAt: Timestamp? = nil) {
        guard let slot = find(id) else { return }
        order.touch(slot)
        if let expiresAt, let current = wheel.deadline(of: slot), current < expiresAt {
            wheel.postpone(slot, to: expiresAt)
        }
    }

    /// Changes when an answer expires, nil for never; false if it is not in the queue.
    @discardableResult
    package mutating func setExpiry(_ expiresAt: Timestamp?, of id: EntryID, now: Timestamp) -> Bool {
        guard let slot = find(id) else { return false }
        wheel.schedule(slot, at: expiresAt, now: now)
        return true
    }

    /// Changes what an answer occupies, as another question of it does; false if it is not in the queue.
    @discardableResult
    package mutating func setBytes(_ bytes: Int, of id: EntryID) -> Bool {
        guard let slot = find(id) else { return false }
        order.resize(slot, bytes: bytes)
        return true
    }

    /// Adds to what an answer occupies, as another question of it does; false if it is not in the queue.
    @discardableResult
    package mutating func addBytes(_ bytes: Int, to id: EntryID) -> Bool {
        guard let slot = find(id) else { return false }
        order.resize(slot, bytes: order.bytes(of: slot) + bytes)
        return true
    }

    /// Removes an answer; false if it is not in the queue.
    @discardableResult
    package mutating func remove(_ id: EntryID) -> Bool {
        guard let slot = find(id) else { return false }
        _ = take(slot)
        return true
    }

    /// Removes everything.
    package mutating func removeAll() {
        table.removeAll()
        order.removeAll()
        wheel.removeAll()
    }

    /// Takes out up to `limit` answers that have expired.
    package mutating func popExpired(now: Timestamp, limit: Int = .max) -> [EntryID] {
        var gone: [EntryID] = []
        while gone.count < limit, let slot = wheel.popExpired(now: now) { gone.append(take(slot)) }
        return gone
    }

    /// Takes out up to `limit` answers that must go for the limits to hold; when it gives fewer, they hold.
    ///
    /// The order is the policy's: W-TinyLFU may choose an answer that just came.
    package mutating func popOverflow(_ limits: EvictionLimits, limit: Int = .max) -> [EntryID] {
        var gone: [EntryID] = []
        while gone.count < limit, let slot = order.victim(limits: limits) { gone.append(take(slot)) }
        return gone
    }

    /// The answer that goes next if one must; nil in an empty queue.
    package func weakest(now: Timestamp) -> Candidate? {
        guard let slot = order.weakest else { return nil }
        let id = table.keys[slot.index]
        // The id tells when the answer was made; one that is younger than a second has not had its chance yet.
        let seconds = max(1, Double(now.milliseconds - Int64(id.high >> 16)) / 1000)
        let bytes = order.bytes(of: slot)
        let score = Double(order.hits(of: slot) + 1) / (Double(max(bytes, 1)) * seconds)
        return Candidate(id: id, bytes: bytes, score: score)
    }

    /// Takes out the answers that go next, until that many bytes are free or `limit` answers are gone.
    package mutating func popWeakest(bytes: Int, limit: Int = .max) -> [EntryID] {
        var gone: [EntryID] = []
        let target = order.bytes - bytes
        while order.bytes > target, gone.count < limit, let slot = order.popCandidate() { gone.append(take(slot)) }
        return gone
    }

    private func find(_ id: EntryID) -> Slot? { table.find(id, hash: id.hash(seed: table.seed)) }

    private mutating func take(_ slot: Slot) -> EntryID {
        let id = table.keys[slot.index]
        order.remove(slot)
        wheel.cancel(slot)
        table.remove(slot)
        return id
    }
}
