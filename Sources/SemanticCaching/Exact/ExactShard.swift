/// One shard of an ``ExactCache``: a pure value that knows neither locks nor clocks.
///
///     table    digest ─► slot
///     order    which slot goes when a limit is reached
///     wheel    which slot has expired
///     values   slot ─► value
///
/// It is not generic: its code is compiled once, and under the lock there is one pointer to copy, not a value of many
/// parts. What leaves is handed to the caller, who lets go of it outside the lock.
struct ExactShard: Sendable {
    /// A value on its way out.
    struct Removal: Sendable {
        let key: Digest256
        let value: ExactBox
        let cause: DeletionCause
    }

    /// What left on account of one insertion; nearly always one value at most, which takes no array.
    struct RemovalBatch: Sendable {
        private(set) var first: Removal?
        private(set) var rest: [Removal] = []

        mutating func append(_ removal: Removal) {
            if first == nil { first = removal } else { rest.append(removal) }
        }
    }

    /// What a sliding time to live needs: how far a hit moves the deadline, and how far at most.
    private struct Lease: Sendable {
        var idleTimeout = Duration.zero
        var end: Timestamp?
    }

    /// How many expired entries an insertion clears away: more than it adds, so that the dead never pile up.
    private static let expirationsPerInsertion = 2

    private let limits: EvictionLimits
    private var table: SlotTable<Digest256>
    private var order: EvictionOrder
    private var wheel = TimerWheel()
    private var values: [ExactBox?] = []
    /// Empty until the first entry with a sliding time to live.
    private var leases: [Lease] = []
    private var counters = ExactCacheStatistics()

    init(limits: EvictionLimits, policy: EvictionPolicy, seed: HashSeed, jitterSeed: UInt64) {
        self.limits = limits
        table = SlotTable(seed: seed)
        order = EvictionOrder(policy: policy, jitterSeed: jitterSeed)
    }

    var statistics: ExactCacheStatistics {
        var statistics = counters
        statistics.entries = order.count
        statistics.bytes = order.bytes
        return statistics
    }

    mutating func value(for key: Digest256, hash: UInt64, now: Timestamp, expired: inout Removal?) -> ExactBox? {
        guard let slot = table.find(key, hash: hash) else {
            counters.misses += 1
            return nil
        }
        if wheel.isExpired(slot, now: now) {
            counters.misses += 1
            expired = take(slot, cause: .expiration)
            return nil
        }
        counters.hits += 1
        order.touch(slot)
        if slot.index < leases.count { renewLease(of: slot, now: now) }
        return values[slot.index]
    }

    /// Stores a value; returns what left for it, itself included if it is not admitted.
    mutating func insert(
        _ value: ExactBox,
        for key: Digest256,
        hash: UInt64,
        byteCount: Int,
        expiresAt: Timestamp?,
        idleTimeout: Duration?,
        now: Timestamp
    ) -> RemovalBatch {
        var removals = RemovalBatch()
        let deadline = Self.earlier(expiresAt, idleTimeout.map { now + $0 })
        counters.insertions += 1
        let known = table.find(key, hash: hash)
        if let cause = reasonToRefuse(byteCount: byteCount, deadline: deadline, now: now) {
            if let known { removals.append(take(known, cause: .replacement)) }
            counters.count(cause)
            removals.append(Removal(key: key, value: value, cause: cause))
            return removals
        }
        let slot: Slot
        if let known {
            slot = known
            if let old = values[slot.index] { removals.append(Removal(key: key, value: old, cause: .replacement)) }
            counters.count(.replacement)
            values[slot.index] = value
            order.replace(slot, bytes: byteCount, saving: 1)
        } else {
            slot = table.insert(key, hash: hash)
            if slot.index == values.count { values.append(value) } else { values[slot.index] = value }
            order.insert(slot, hash: hash, bytes: byteCount, saving: 1)
        }
        wheel.schedule(slot, at: deadline, now: now)
        setLease(of: slot, idleTimeout: idleTimeout, end: expiresAt)
        makeRoom(now: now, removals: &removals)
        return removals
    }

    mutating func remove(_ key: Digest256, hash: UInt64) -> Removal? {
        table.find(key, hash: hash).map { take($0, cause: .invalidation) }
    }

    mutating func removeAll() -> [Removal] {
        var removals: [Removal] = []
        removals.reserveCapacity(order.count)
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            removals.append(Removal(key: table.keys[index], value: value, cause: .invalidation))
        }
        counters.invalidations += removals.count
        table.removeAll()
        order.removeAll()
        wheel.removeAll()
        values = []
        leases = []
        return removals
    }

    mutating func removeExpired(now: Timestamp, limit: Int) -> [Removal] {
        var removals: [Removal] = []
        while removals.count < limit, let slot = wheel.popExpired(now: now) {
            removals.append(take(slot, cause: .expiration))
        }
        return removals
    }

    private func reasonToRefuse(byteCount: Int, deadline: Timestamp?, now: Timestamp) -> DeletionCause? {
        if let deadline, deadline <= now { return .expiration }
        return byteCount > limits.maximumBytes ? .overflow : nil
    }

    private mutating func makeRoom(now: Timestamp, removals: inout RemovalBatch) {
        var expirations = 0
        while expirations < Self.expirationsPerInsertion || !limits.allow(entries: order.count, bytes: order.bytes),
            let slot = wheel.popExpired(now: now)
        {
            removals.append(take(slot, cause: .expiration))
            expirations += 1
        }
        while let slot = order.victim(limits: limits) { removals.append(take(slot, cause: .overflow)) }
    }

    private mutating func take(_ slot: Slot, cause: DeletionCause) -> Removal {
        guard let value = values[slot.index] else { preconditionFailure("a slot that is in use has a value") }
        counters.count(cause)
        values[slot.index] = nil
        order.remove(slot)
        wheel.cancel(slot)
        let key = table.keys[slot.index]
        table.remove(slot)
        return Removal(key: key, value: value, cause: cause)
    }

    private mutating func setLease(of slot: Slot, idleTimeout: Duration?, end: Timestamp?) {
        if idleTimeout == nil, slot.index >= leases.count { return }
        while slot.index >= leases.count { leases.append(Lease()) }
        leases[slot.index] = Lease(idleTimeout: idleTimeout ?? .zero, end: end)
    }

    private mutating func renewLease(of slot: Slot, now: Timestamp) {
        let lease = leases[slot.index]
        guard lease.idleTimeout > .zero, let deadline = Self.earlier(now + lease.idleTimeout, lease.end) else { return }
        // A wall clock that was set back must not shorten what was granted.
        if let current = wheel.deadline(of: slot), current < deadline { wheel.postpone(slot, to: deadline) }
    }

    private static func earlier(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
